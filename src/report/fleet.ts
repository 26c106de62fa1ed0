/** Runs, plans and states of many databases or schemas: hundreds of members in a few lines. */
import { type RunView, runText, type StatusView, statusText } from './migrations.js';
import { type PlanView, planText } from './plan.js';
import type { Style } from './style.js';
import { formatDuration, plural } from './units.js';

interface FleetHeadView {
  readonly target: string;
  readonly fleet: 'database' | 'schema';
}

interface FailureView {
  readonly code: string;
  readonly message: string;
}

export interface FleetRunView extends FleetHeadView {
  readonly action: string;
  readonly members: readonly {
    readonly name: string;
    readonly state: 'changed' | 'unchanged' | 'failed' | 'not-started';
    readonly run: RunView | undefined;
    readonly error: FailureView | undefined;
  }[];
  readonly stopped: string | undefined;
  readonly durationMs: number;
}

export interface FleetStatusView extends FleetHeadView {
  readonly folder: string;
  readonly format: string;
  readonly members: readonly {
    readonly name: string;
    readonly version: string | undefined;
    readonly unsettled: readonly string[];
    readonly lockedBy: { readonly client: string } | undefined;
    readonly error: FailureView | undefined;
  }[];
}

export interface FleetPlanView extends FleetHeadView {
  readonly groups: readonly { readonly members: readonly string[]; readonly plan: PlanView }[];
  readonly failed: readonly { readonly name: string; readonly error: FailureView }[];
}

/** What a run did, to one database or to a fleet. */
export function runReportText(report: RunView | FleetRunView, style: Style): string {
  return 'fleet' in report ? fleetRunText(report, style) : runText(report, style);
}

/** Where a target stands, be it one database or a fleet. */
export function statusReportText(report: StatusView | FleetStatusView, style: Style): string {
  return 'fleet' in report ? fleetStatusText(report, style) : statusText(report, style);
}

/** What a run would do, to one database or to a fleet. */
export function planReportText(report: PlanView | FleetPlanView, style: Style, columns: number): string {
  return 'fleet' in report ? fleetPlanText(report, style, columns) : planText(report, style, columns);
}

function fleetRunText(report: FleetRunView, style: Style): string {
  const named = (state: FleetRunView['members'][number]['state']) =>
    report.members.filter((member) => member.state === state);
  const done = report.action === 'apply' ? 'applied' : 'rolled back';
  const changed = grouped(
    named('changed'),
    ({ run }) => `${run?.from ?? 'nothing'} → ${run?.to ?? 'nothing'}`,
  );
  const unchanged = grouped(named('unchanged'), ({ run }) =>
    report.action === 'apply' ? `up to date at ${run?.to ?? 'nothing'}` : 'nothing to roll back',
  );
  const failed = named('failed').map(({ name, error }) => ({ name, error: error! }));
  const waiting = named('not-started').map(({ name }) => name);
  return [
    title(report, report.members.length, style),
    ...changed.map(([step, names]) => `  ${style.good('✓')} ${done}: ${step}  ${someOf(names, style)}`),
    ...unchanged.map(([state, names]) => `  ${style.faint('·')} ${state}  ${someOf(names, style)}`),
    ...failureLines(failed, style),
    ...(waiting.length > 0
      ? [`  ${style.warn('–')} not started, because ${report.stopped}: ${someOf(waiting, style)}`]
      : []),
    `  ${summary(report, failed.length, waiting.length)}`,
  ].join('\n');
}

function summary({ members, durationMs, fleet }: FleetRunView, failed: number, waiting: number): string {
  const good = members.length - failed - waiting;
  const rest = failed + waiting > 0 ? '; run the command again to go on' : '';
  return `${good} of ${plural(members.length, fleet)} done in ${formatDuration(durationMs)}${rest}`;
}

function fleetStatusText(report: FleetStatusView, style: Style): string {
  const read = report.members.filter(({ error }) => error === undefined);
  const states = grouped(read, ({ version, unsettled }) =>
    unsettled.length === 0
      ? style.good(`at ${version ?? 'nothing'}, nothing pending`)
      : style.warn(`at ${version ?? 'nothing'}, ${unsettled.length} to apply: ${unsettled[0]} …`),
  );
  const locked = report.members.filter(({ lockedBy }) => lockedBy !== undefined).map(({ name }) => name);
  const failed = report.members.flatMap(({ name, error }) => (error ? [{ name, error }] : []));
  return [
    `${title(report, report.members.length, style)}  ${style.faint(`${report.folder} (${report.format})`)}`,
    ...states.map(([state, names]) => `  ${state}  ${someOf(names, style)}`),
    ...(locked.length > 0 ? [style.warn(`  being migrated now: ${someOf(locked, style)}`)] : []),
    ...failureLines(failed, style),
  ].join('\n');
}

function fleetPlanText(report: FleetPlanView, style: Style, columns: number): string {
  const planned = report.groups.reduce((sum, { members }) => sum + members.length, 0);
  return [
    title(report, planned + report.failed.length, style),
    ...report.groups.flatMap(({ members, plan }) => [
      `  ${someOf(members, style)}${members.length > 1 ? style.faint(`, as in ${members[0]}:`) : ':'}`,
      ...planText(plan, style, columns).split('\n').slice(1),
    ]),
    ...failureLines(report.failed, style),
  ].join('\n');
}

function title({ target, fleet }: FleetHeadView, count: number, style: Style): string {
  return `${style.strong(target)}  ${style.faint(plural(count, fleet))}`;
}

/** Failures of one code and message are told of together. */
function failureLines(
  failed: readonly { readonly name: string; readonly error: FailureView }[],
  style: Style,
): string[] {
  const groups = grouped(failed, ({ error }) => `${style.bad(error.code)}: ${error.message}`);
  return [
    ...groups
      .slice(0, SHOWN_FAILURES)
      .map(([error, names]) => `  ${style.bad('✗')} ${someOf(names, style)}\n      ${error}`),
    ...(groups.length > SHOWN_FAILURES
      ? [style.bad(`  ✗ ${groups.length - SHOWN_FAILURES} more errors: see --format json`)]
      : []),
  ];
}

const SHOWN_FAILURES = 10;
const SHOWN_NAMES = 5;

/** `200: tenant_1, tenant_2, tenant_3, tenant_4, tenant_5 …` */
function someOf(names: readonly string[], style: Style): string {
  const shown = names.slice(0, SHOWN_NAMES).join(', ');
  return names.length === 1
    ? shown
    : `${names.length}: ${style.faint(`${shown}${names.length > SHOWN_NAMES ? ' …' : ''}`)}`;
}

/** The names of the members by what is said of them, in the order in which it is first said. */
function grouped<Member extends { readonly name: string }>(
  members: readonly Member[],
  say: (member: Member) => string,
): readonly (readonly [string, readonly string[]])[] {
  const groups = new Map<string, string[]>();
  for (const member of members) {
    const said = say(member);
    groups.set(said, [...(groups.get(said) ?? []), member.name]);
  }
  return [...groups];
}
