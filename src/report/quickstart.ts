/** The quickstart as a person follows it: a numbered line a step, then the trend and what to try next. */

import { type RunView, runText } from './migrations.js';
import { type ReconciliationView, type RollUpView, reconciliationText, rollUpText } from './rollups.js';
import type { Style } from './style.js';
import { formatCount, formatDuration, formatMoney } from './units.js';
import { type ImportView, importText } from './usage-import.js';
import { type TrendView, trendText } from './usage-trend.js';

export interface ServerView {
  readonly version: string;
  readonly displayUrl: string;
  readonly isEmbedded: boolean;
  readonly startedHere: boolean;
}

export function quickstartServerText(server: ServerView, style: Style): string {
  const what = server.isEmbedded
    ? `embedded PostgreSQL ${server.version}, ${server.startedHere ? 'started' : 'already running'}`
    : `PostgreSQL ${server.version}`;
  return `${heading(1, 'Database', style)}\n  ${what}  ${style.faint(server.displayUrl)}`;
}

export type StepView =
  | { readonly kind: 'migrated'; readonly run: RunView }
  | {
      readonly kind: 'seeded';
      readonly result: {
        readonly organizations: number;
        readonly rows: number;
        readonly inserted: number;
        readonly seconds: number;
        readonly tables: readonly { readonly table: string; readonly rows: number }[];
      };
    }
  | { readonly kind: 'served'; readonly trip: TripView }
  | { readonly kind: 'imported'; readonly result: ImportView }
  | { readonly kind: 'rolled-up'; readonly rollUps: readonly RollUpView[] };

interface TripView {
  readonly principal: { readonly prefix: string; readonly scopes: readonly string[] };
  readonly model: { readonly name: string };
  readonly eventId: string;
  readonly isSame: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanos: bigint;
}

export function quickstartStepText(step: StepView, style: Style): string {
  switch (step.kind) {
    case 'migrated': {
      const title = step.run.target === 'operational' ? [heading(2, 'Migrations', style)] : [];
      return [...title, indented(runText(step.run, style))].join('\n');
    }
    case 'seeded':
      return [heading(3, 'Development seed', style), ...seedLines(step.result, style)].join('\n');
    case 'served':
      return [heading(4, 'One request, as a service does it', style), ...tripLines(step.trip, style)].join(
        '\n',
      );
    case 'imported':
      return [heading(5, 'A day of usage', style), importText(step.result, style)].join('\n');
    case 'rolled-up':
      return `  rolled up: ${rollUpText(step.rollUps)}`;
  }
}

export interface QuickstartView {
  readonly trend: TrendView;
  readonly reconciliation: ReconciliationView;
}

export function quickstartReportText(report: QuickstartView, style: Style): string {
  const { from, to } = report.trend.range;
  const span = `--from ${isoDay(from)} --to ${isoDay(new Date(to.getTime() + 86_399_999))}`;
  return [
    heading(6, 'Usage by hour', style),
    trendText(report.trend, style),
    '',
    reconciliationText(report.reconciliation, style),
    '',
    style.strong('Next'),
    `  npx plinth status                        ${style.faint('what is applied')}`,
    `  npx plinth usage trend --organization acme ${span}`,
    `  npx plinth new --target operational "add regions"`,
    `  npx plinth rollback --target analytics   ${style.faint('and apply again: nothing is in doubt')}`,
    `  psql "$(npx plinth db url)"              ${style.faint('the database itself')}`,
    `  npx plinth db stop                       ${style.faint('it runs until then')}`,
  ].join('\n');
}

function heading(number: number, title: string, style: Style): string {
  return `\n${style.accent(String(number))} ${style.strong(title)}`;
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ').replace(/^ {4}/gm, '    ');
}

function seedLines(result: Extract<StepView, { kind: 'seeded' }>['result'], style: Style): string[] {
  const counts = result.tables
    .map(({ table, rows }) => `${formatCount(rows)} ${table.replace('platform.', '').replaceAll('_', ' ')}`)
    .join(', ');
  const loaded = result.inserted === 0 ? 'all there already' : `${formatCount(result.inserted)} rows loaded`;
  return [`  ${counts}`, `  ${loaded}  ${style.faint(formatDuration(result.seconds * 1000))}`];
}

function tripLines(trip: TripView, style: Style): string[] {
  const verdict = trip.isSame ? style.good('✓ read back as written') : style.bad('✗ read back differently');
  return [
    `  signed in with key ${trip.principal.prefix}…, allowed ${trip.principal.scopes.join(', ')}`,
    `  wrote event ${trip.eventId}: ${trip.model.name}, ${formatCount(trip.inputTokens)} + ${formatCount(trip.outputTokens)} tokens, ${formatMoney(trip.costNanos, 'USD')}`,
    `  ${verdict}`,
  ];
}

function isoDay(time: Date): string {
  return time.toISOString().slice(0, 10);
}
