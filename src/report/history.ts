/** How a target's recorded history begins and is mended, as a person reads it. */
import type {
  AdoptReport,
  BaselineReport,
  RepairedProblem,
  RepairReport,
  ShownMigration,
} from '../migrate/index.js';
import type { ObjectAddress } from '../schema/index.js';
import type { Style } from './style.js';
import { formatDuration, formatTime, plural } from './units.js';

const SHOWN = 20;

export function baselineText(report: BaselineReport, style: Style): string {
  return [
    `${style.strong(report.target)}  ${style.good(`baseline ${report.version}`)}`,
    `  ${plural(report.covered.length, 'migration')} of the folder ${report.covered.length === 1 ? 'counts' : 'count'} as applied, ${report.pending.length} to apply`,
  ].join('\n');
}

/** What was found in the other tool's record, what differs, and what to do then. */
export function adoptText(report: AdoptReport, style: Style): string {
  return [
    `${style.strong(report.target)}  ${style.faint(`${report.table}, written by ${report.tool}`)}`,
    `  ${plural(report.adopted.length, 'migration')} applied, ${report.pending.length} to apply`,
    ...listed('applied and without a file', report.missing, style.bad),
    ...listed('applied by a program, which the ledger has no row for', report.programs, style.warn),
    ...listed('not the file that was applied, by its checksum', report.changed, style.bad),
    ...(report.notRebuilt ? [style.bad(`  the schema could not be built anew: ${report.notRebuilt}`)] : []),
    ...differencesText(report, style),
    ...report.notices.map((text) => style.warn(`  note: ${text}`)),
    report.written
      ? style.good('  The ledger was written. The other tool’s table is as it was.')
      : style.bad('  Nothing was written. Settle the differences, or add --accept-differences.'),
  ].join('\n');
}

function differencesText({ differences }: AdoptReport, style: Style): string[] {
  if (differences === undefined) {
    return [style.warn('  the schema was not compared')];
  }
  if (differences.isEmpty) {
    return [style.good('  the schema is what these migrations make')];
  }
  const lines = [
    ...differences.removed.map(({ address }) =>
      style.bad(`    - ${addressText(address)}  missing in the database`),
    ),
    ...differences.added.map(({ address }) =>
      style.bad(`    + ${addressText(address)}  not made by the migrations`),
    ),
    ...differences.changed.map(({ address, properties }) =>
      style.bad(`    ~ ${addressText(address)}  ${properties.map(({ property }) => property).join(', ')}`),
    ),
    ...differences.reordered.map(({ address, moved }) =>
      style.bad(`    ~ ${addressText(address)}  order of ${moved.join(', ')}`),
    ),
  ];
  return [style.bad('  the schema is not what these migrations make:'), ...shortened(lines)];
}

/** Every problem with what a repair would do about it; `--accept`, `--forget` and `--done` choose. */
export function repairText(report: RepairReport, style: Style): string {
  if (report.problems.length === 0) {
    return `${style.strong(report.target)}  ${style.good('nothing to repair')}`;
  }
  return [
    style.strong(report.target),
    ...report.problems.flatMap((problem) => problemText(problem, style)),
  ].join('\n');
}

const FLAGS: Readonly<Record<RepairedProblem['kind'], string>> = {
  changed: '--accept',
  layout: '--accept',
  missing: '--forget',
  interrupted: '--done',
};

function problemText(problem: RepairedProblem, style: Style): string[] {
  const what = problem.repaired
    ? 'Done'
    : problem.chosen
      ? 'With --execute'
      : `With ${FLAGS[problem.kind]} ${problem.version} --execute`;
  return [
    `  ${problem.kind === 'layout' ? style.warn(problem.message) : style.bad(problem.message)}`,
    ...(problem.diff
      ? shortened(
          problem.diff
            .trimEnd()
            .split('\n')
            .map((line) => style.faint(`      ${line}`)),
        )
      : []),
    ...(problem.step?.statements ?? []).map(({ number, text }) => style.faint(`      ${number}  ${text}`)),
    `    ${problem.repaired ? style.good(what) : style.accent(what)}: ${problem.remedy}`,
  ];
}

/** The scripts of a migration as the ledger has them. */
export function shownText(shown: ShownMigration, style: Style): string {
  const took = shown.durationMs === undefined ? '' : ` in ${formatDuration(shown.durationMs)}`;
  return [
    style.faint(
      `-- ${[shown.version, shown.name].filter(Boolean).join('_')}: ${shown.state} ${formatTime(shown.appliedAt)} UTC${took} by ${shown.appliedBy}`,
    ),
    style.faint('-- up'),
    shown.up.trimEnd(),
    style.faint(shown.down === undefined ? '-- no way down' : '-- down'),
    ...(shown.down === undefined ? [] : [shown.down.trimEnd()]),
  ].join('\n');
}

function listed(what: string, versions: readonly string[], paint: (text: string) => string): string[] {
  return versions.length === 0
    ? []
    : [paint(`  ${what}:`), ...shortened(versions.map((version) => `    ${version}`))];
}

function shortened(lines: readonly string[]): string[] {
  return lines.length > SHOWN
    ? [...lines.slice(0, SHOWN), `    … and ${lines.length - SHOWN} more`]
    : [...lines];
}

/** As `addressText` of the schema model has it; the model itself is not loaded for a line of text. */
function addressText({ kind, path }: ObjectAddress): string {
  return `${kind} ${path.join('.')}`;
}
