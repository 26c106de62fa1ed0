/** The page of what is found in the migrations of public projects. */
import { READINGS } from './readings.mjs';

/** @typedef {import('../../src/prove/index.js').Proof} Proof */
/** @typedef {Proof['migrations'][number]} Migration */
/** @typedef {Migration['reasons'][number]} Reason */
/**
 * @typedef {object} Result
 * @property {import('./projects.mjs').Project} project
 * @property {readonly Migration[]} migrations what was proven so far
 * @property {number} total
 */

const VERDICTS = /** @type {const} */ (['proven', 'proven with kept data', 'unproven', 'broken']);

/** What a migration is counted under; the first that it has. */
const FINDINGS = /** @type {const} */ ([
  ['the up does not run', ['up-fails', 'not-reached']],
  ['the up takes no row that the schema allows', ['up-refuses-rows']],
  ['there is no down', ['no-down', 'irreversible']],
  ['the down does not run', ['down-fails']],
  ['the down refuses rows that the new schema allows', ['down-refuses-rows']],
  ['the rollback leaves another schema', ['schema-differs']],
  ['the rollback loses or leaves rows', ['rows-lost', 'rows-left']],
  ['the second up does not run', ['reapply-fails']],
  [
    'the second up comes to another end',
    ['reapply-schema-differs', 'reapply-rows-lost', 'reapply-rows-doubled', 'interruption-differs'],
  ],
  ['a table could not be filled', ['not-filled']],
]);

/** Differences of a schema that are told of one migration. */
const MOST_TOLD = 4;

/** @param {readonly Result[]} results */
export function pageOf(results) {
  return `${[
    '# Proofs of public projects',
    '<!-- Written by scripts/prove-public-projects.mjs. Do not edit. -->',
    'What [`plinth prove`](prove.md) finds in the migrations of public projects, applied by Plinth with kept data, on generated rows. A finding is no reproach: most of these projects never roll back in production, and some say so. A rollback that does not run is undone as a whole, and rows that a down deletes stay in kept data until the next apply.',
    'Made by `PLINTH_CORPORA=<folder of the projects> node scripts/prove-public-projects.mjs`.',
    verdicts(results),
    findings(results),
    filling(results),
    ...results.map(section),
  ].join('\n\n')}\n`;
}

/** @param {readonly Result[]} results */
function verdicts(results) {
  const rows = results.map(({ project, migrations, total }) => {
    const counts = VERDICTS.map((verdict) => count(migrations, (each) => each.verdict === verdict));
    const of = migrations.length < total ? `${migrations.length} of ${total}` : total;
    return `| [${project.name}](https://github.com/${project.repository}) ${project.commit} | ${of} | ${counts.join(' | ')} |`;
  });
  return [
    `| project | migrations | ${VERDICTS.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(5)}`,
    ...rows,
  ].join('\n');
}

/** @param {readonly Result[]} results */
function findings(results) {
  const first = (/** @type {Migration} */ { reasons }) =>
    FINDINGS.find(([, kinds]) =>
      reasons.some(({ kind }) => /** @type {readonly string[]} */ (kinds).includes(kind)),
    );
  const rows = FINDINGS.flatMap((finding) => {
    const counts = results.map(({ migrations }) => count(migrations, (each) => first(each) === finding));
    return counts.some((found) => found > 0) ? [`| ${finding[0]} | ${counts.join(' | ')} |`] : [];
  });
  return [
    '## By what is found',
    'Each migration once, under the first of these that it has.',
    [
      `| | ${results.map(({ project }) => project.name).join(' | ')} |`,
      `| --- |${' ---: |'.repeat(results.length)}`,
      ...rows,
    ].join('\n'),
  ].join('\n\n');
}

/** @param {readonly Result[]} results */
function filling(results) {
  const rows = results.map(({ project, migrations }) => {
    const unfilled = new Map(
      migrations.flatMap(({ data }) => data.unfilled.map((each) => [each.table, each.reason])),
    );
    const most = Math.max(0, ...migrations.map(({ data }) => data.tables));
    const cells = migrations.reduce((sum, { data }) => sum + data.cellsCompared, 0);
    const named =
      [...unfilled].map(([table, reason]) => `${code(table)} (${cell(reason)})`).join('<br>') || 'none';
    return `| ${project.name} | ${most} | ${cells} | ${named} |`;
  });
  return [
    '## Rows',
    'Tables at the widest point of the history, cells compared one by one over all migrations, and tables that were left without rows at some point.',
    ['| project | tables | cells | not filled |', '| --- | ---: | ---: | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

/** @param {Result} result */
function section({ project, migrations }) {
  /** @type {Readonly<Record<string, string>>} */
  const readings = READINGS[project.name] ?? {};
  const rows = migrations
    .filter(({ reasons }) => reasons.length > 0)
    .map(
      ({ version, verdict, reasons }) =>
        `| ${code(version)} | ${verdict} | ${reasons.map(reasonText).join('<br>')} | ${cell(readings[version] ?? '')} |`,
    );
  return [
    `## ${project.name}`,
    ...(project.leftOut ? [`Left out, as another has its version: ${code(project.leftOut)}.`] : []),
    rows.length > 0
      ? [
          '| version | verdict | what happens | why, as its SQL says |',
          '| --- | --- | --- | --- |',
          ...rows,
        ].join('\n')
      : 'All are proven.',
  ].join('\n\n');
}

/** @param {Reason} reason */
function reasonText({ kind, message, differences = [], loss }) {
  if (differences.length > 0) {
    const told = differences.slice(0, MOST_TOLD).map(({ change, object }) => `${change} ${code(object)}`);
    const more = differences.length > MOST_TOLD ? ` and ${differences.length - MOST_TOLD} more` : '';
    return `${cell(message.replace(/\.$/, ''))}: ${told.join(', ')}${more}`;
  }
  if (loss) {
    const { rowsLost, rowsAdded, cellsChanged, columnsLost } = loss;
    const parts = [
      ...(rowsLost > 0 ? [`${rowsLost} rows gone`] : []),
      ...(cellsChanged > 0 ? [`${cellsChanged} cells other`] : []),
      ...(columnsLost.length > 0 ? [`values of ${columnsLost.map(code).join(', ')} gone`] : []),
      ...(rowsAdded > 0 ? [`${rowsAdded} rows more`] : []),
    ];
    return `${cell(message.replace(/\.$/, ''))}: ${parts.join(', ')}`;
  }
  return kind === 'not-reached' ? cell(message.split(':')[0] ?? message) : cell(message);
}

/**
 * @param {readonly Migration[]} migrations
 * @param {(migration: Migration) => boolean} isCounted
 */
function count(migrations, isCounted) {
  return migrations.filter(isCounted).length;
}

/** @param {string} text */
function code(text) {
  return `\`${text.replace(/[`|\n]/g, ' ')}\``;
}

/** @param {string} text */
function cell(text) {
  return text.replace(/\s*\n\s*/g, ' ').replace(/([|\\*_[\]<>])/g, '\\$1');
}
