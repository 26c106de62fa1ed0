/** The health of a project as a person reads it. */
import type { Style } from './style.js';
import { formatBytes, formatDuration, plural } from './units.js';

export interface HealthView {
  readonly status: 'ok' | 'degraded' | 'failing';
  readonly reasons: readonly ReasonView[];
  readonly targets: readonly TargetHealthView[];
  readonly upkeep?: {
    readonly usage: { readonly markedBuckets: number; readonly madeUntil: Date | undefined } | undefined;
  };
  readonly telemetry: { readonly kind: string; readonly collector?: string };
  readonly durationMs: number;
}

export interface TargetHealthView {
  readonly target: string;
  readonly member: string | undefined;
  readonly status: 'ok' | 'degraded' | 'failing';
  readonly reasons: readonly ReasonView[];
  readonly database: string | undefined;
  readonly serverVersion: string | undefined;
  readonly version: string | undefined;
  readonly drift: string;
  readonly kept?: { readonly bytes: number; readonly entries: number; readonly expired: number };
}

interface ReasonView {
  readonly severity: 'degraded' | 'failing';
  readonly message: string;
}

/** The members of a fleet that are fit for use are listed up to so many. */
const MOST_WELL = 20;

/** A line a target, one for each reason, and a summary. */
export function healthText(health: HealthView, style: Style): string {
  const { telemetry } = health;
  const shown = health.targets.filter(({ status }) => status !== 'ok' || health.targets.length <= MOST_WELL);
  const where = telemetry.collector === undefined ? '' : ` to ${telemetry.collector}`;
  return [
    ...shown.flatMap((target) => targetLines(target, style)),
    ...upkeepLines(health, style),
    ...health.reasons.map((reason) => reasonLine(reason, style)),
    `${painted(health.status, style)}: ${plural(health.targets.length, 'target')} in ${formatDuration(health.durationMs)}${style.faint(`, telemetry ${telemetry.kind}${where}`)}`,
  ].join('\n');
}

function upkeepLines({ upkeep }: HealthView, style: Style): string[] {
  const usage = upkeep?.usage;
  if (!usage) {
    return [];
  }
  const until = usage.madeUntil
    ? `partitions until ${usage.madeUntil.toISOString().slice(0, 10)}`
    : 'no partition';
  return [style.faint(`usage: ${until}, ${plural(usage.markedBuckets, 'bucket')} to roll up`)];
}

function targetLines(target: TargetHealthView, style: Style): string[] {
  const { member, kept, database, serverVersion, version, drift } = target;
  const name = member === undefined ? target.target : `${target.target} ${member}`;
  const at =
    database === undefined ? '' : `${database}, PostgreSQL ${serverVersion}, at ${version ?? 'no version'}`;
  const compared = drift === 'not-checked' ? '' : `, drift: ${drift}`;
  return [
    `${painted(target.status, style)} ${style.strong(name)}  ${style.faint(`${at}${compared}`)}`.trimEnd(),
    ...(kept
      ? [
          style.faint(
            `  ${formatBytes(kept.bytes)} of kept data in ${plural(kept.entries, 'entry', 'entries')}${kept.expired > 0 ? `, ${kept.expired} expired: plinth kept purge` : ''}`,
          ),
        ]
      : []),
    ...target.reasons.map((reason) => reasonLine(reason, style)),
  ];
}

function reasonLine({ severity, message }: ReasonView, style: Style): string {
  const paint = severity === 'failing' ? style.bad : style.warn;
  return `  ${paint(message)}`;
}

function painted(status: HealthView['status'], style: Style): string {
  const paint = { ok: style.good, degraded: style.warn, failing: style.bad }[status];
  return paint(status);
}
