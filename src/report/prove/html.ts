/** A proof as one page that needs nothing else: open it, send it, keep it with a release. */
import type { MigrationProof, Proof, ProofReason, ProvenScript, Verdict } from '../../prove/index.js';
import { formatCount, formatDuration, plural } from '../units.js';
import { escaped } from './escape.js';
import { PAGE_STYLE } from './page-style.js';
import { timeline } from './timeline.js';
import { cutOffText, heldUpText, lockText, reasonLines, workText } from './words.js';

export function proofHtml(proofs: readonly Proof[]): string {
  const title = `Proof of migrations: ${proofs.map(({ target }) => target).join(', ')}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
${PAGE_STYLE}
</style>
</head>
<body>
<main>
<h1>Proof of migrations</h1>
<p class="faint">Each taken up, down and up again on throwaway databases with rows in every table; schema and every cell
compared after each step; cut off at its statements, and finished by the next run.</p>
${LEGEND}
${proofs.map(targetSection).join('\n')}
</main>
</body>
</html>`;
}

const LEGEND = `<ul class="legend">
<li><i style="background:var(--none)"></i>no lock that others could meet</li>
<li><i style="background:var(--weak)"></i>others read and write on</li>
<li><i style="background:var(--writes)"></i>others wait to write</li>
<li><i style="background:var(--reads)"></i>others wait to read</li>
<li><i class="line"></i>held until its transaction ends</li>
</ul>`;

const VERDICTS: readonly Verdict[] = ['broken', 'unproven', 'proven with kept data', 'proven'];

function targetSection(proof: Proof): string {
  const counts = VERDICTS.filter((verdict) => proof.counts[verdict] > 0).map(
    (verdict) =>
      `<li class="${classOf(verdict)}"><b>${formatCount(proof.counts[verdict])}</b>${escaped(verdict)}</li>`,
  );
  return `<section>
<h2>${escaped(proof.target)}</h2>
<p class="faint"><span class="mono">${escaped(proof.folder)}</span>, on PostgreSQL ${escaped(proof.serverVersion || '–')}, in ${formatDuration(proof.durationMs)}</p>
<ul class="counts">${counts.join('')}</ul>
${proof.notices.map((notice) => `<p class="note">${escaped(notice)}</p>`).join('\n')}
${proof.migrations.map((migration) => migrationSection(migration, proof.migrations.length)).join('\n')}
</section>`;
}

/** With few migrations all are shown open; with many, those that need a look. */
const OPEN_UP_TO = 3;

function migrationSection(migration: MigrationProof, of: number): string {
  const { verdict, reasons, data } = migration;
  const isOpen = of <= OPEN_UP_TO || reasons.length > 0;
  const heldUp = heldUpText(migration);
  const facts = [
    `${plural(data.rows, 'row')} in ${plural(data.tables, 'table')}`,
    `${formatCount(data.rowsWritten)} more written between up and down`,
    `${plural(data.cellsCompared, 'cell')} compared`,
    cutOffText(migration),
  ];
  return `<details class="migration"${isOpen ? ' open' : ''}>
<summary><span class="name"><span class="mono">${escaped(migration.version)}</span> ${escaped(migration.name)}</span><span class="verdict ${classOf(verdict)}">${escaped(verdict)}</span><span class="took">${formatDuration(migration.durationMs)}</span></summary>
<div class="body">
${reasons.map(reasonSection).join('\n')}
${proposedDown(migration)}
${migration.remarks.map((remark) => `<p class="faint">${escaped(remark)}</p>`).join('\n')}
<p class="faint">${escaped(facts.join(' · '))}</p>
${heldUp ? `<p class="faint">Held up: ${escaped(heldUp)}</p>` : ''}
${scriptSection('Up', migration.up)}
${scriptSection('Down', migration.down)}
</div>
</details>`;
}

function reasonSection(reason: ProofReason): string {
  const lines = reasonLines(reason);
  return `<div class="reason${reason.breaks ? ' breaks' : ''}"><p>${escaped(reason.message)}</p>${
    lines.length > 0 ? `<pre>${escaped(lines.join('\n'))}</pre>` : ''
  }</div>`;
}

function proposedDown({ proposedDown: down }: MigrationProof): string {
  return down
    ? `<p>A down that works <span class="verdict ${classOf(down.verdict)}">${escaped(down.verdict)}</span></p>
<pre>${escaped(down.sql.trimEnd())}</pre>`
    : '';
}

function scriptSection(title: string, script: ProvenScript | undefined): string {
  if (!script || script.statements.length === 0) {
    return '';
  }
  const count = plural(script.statements.length, 'statement');
  return `<h3>${title} <span class="faint mono">${escaped(script.file)}</span> <span class="faint">${count}</span></h3>
<div class="scroll">${timeline(script, `${title}: ${count} by time`)}</div>
${notableTable(script)}`;
}

/** What a picture cannot say: locks by name, rewrites, and where the plan was wrong. */
function notableTable(script: ProvenScript): string {
  const rows = script.statements.flatMap((statement) => {
    const locks = lockText(statement);
    const isNotable =
      locks !== '' || (statement.measured?.rewrites.length ?? 0) > 0 || statement.disagreements.length > 0;
    return isNotable
      ? [
          `<tr><td>${statement.number}</td><td class="mono">${escaped(statement.tag.toLowerCase())}</td><td>${escaped(locks)}</td><td>${escaped(workText(statement))}${statement.disagreements
            .map((text) => `<div class="note">${escaped(text)}</div>`)
            .join('')}</td></tr>`,
        ]
      : [];
  });
  return rows.length > 0
    ? `<div class="scroll"><table><thead><tr><th></th><th>statement</th><th>locks on what was there before</th><th>wrote</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
    : '';
}

function classOf(verdict: Verdict): string {
  return verdict.split(' ')[0]!;
}
