/** What of the upkeep is late, and by how much. Pure. */
import type { PlatformUpkeep } from './platform-upkeep.js';
import type { UpkeepState } from './upkeep-state.js';

/** What upkeep keeps up, each with a lateness of its own. */
export const UPKEEP_SUBJECTS = [
  'usage partitions',
  'rollups',
  'history',
  'replaced files',
  'retention',
  'audit partitions',
  'reservations',
] as const;

export type UpkeepSubject = (typeof UPKEEP_SUBJECTS)[number];

export interface Lateness {
  readonly subject: UpkeepSubject;
  /** How long ago it should have been done, in milliseconds; 0 when nothing is due. */
  readonly lateMs: number;
  /** `ok` within what is tolerated; `failing` when events find no place, or beyond `failAfterMs`. */
  readonly status: 'ok' | 'late' | 'failing';
  /** One sentence; empty when nothing is due. */
  readonly message: string;
}

export interface LatenessOptions {
  /** For how long ahead partitions are made. They are late when less than half of it is left. */
  readonly partitionsAheadMs: number;
  /** How old the end of a day is when it moves to the history; never unless given. */
  readonly sealAfterMs?: number;
  /** How long a file that was replaced may be kept; two days unless given. */
  readonly keepReplacedMs?: number;
  /** What is tolerated of everything else. */
  readonly lateAfterMs: number;
  /** Beyond it the project is not fit for use; it never is unless given. */
  readonly failAfterMs?: number;
  readonly now?: Date;
}

/** How long a file that was replaced may be kept: answers that began before may still read it. */
const REPLACED_FILES_MS = 2 * 86_400_000;
/** For how long ahead the audit trail has months at least, as `plinth maintain` makes them. */
const AUDIT_AHEAD_MS = 35 * 86_400_000;

/** Of what was looked at, in the order of `UPKEEP_SUBJECTS`. */
export function latenessOf(
  usage: UpkeepState | undefined,
  platform: PlatformUpkeep | undefined,
  options: LatenessOptions,
): Lateness[] {
  return [
    ...(usage ? usageLateness(usage, options) : []),
    ...(platform ? platformLateness(platform, options) : []),
  ];
}

function usageLateness(state: UpkeepState, options: LatenessOptions): Lateness[] {
  const { now = new Date(), sealAfterMs = 0 } = options;
  const { dueDays, overdue, oldestMarkAt, oldestReplacedAt, replacedFiles, markedBuckets } = state;
  const firstDue = dueDays[0] && new Date(Date.parse(dueDays[0]) + 86_400_000 + sealAfterMs);
  const firstOverdue = overdue.map(({ since }) => since).sort((a, b) => a.getTime() - b.getTime())[0];
  const since = sinceBy(options, now);
  return [
    partitions('usage partitions', 'usage events', {
      madeUntil: state.madeUntil,
      hasSome: state.hasPartitions,
      wantedMs: options.partitionsAheadMs,
      ...options,
      now,
    }),
    since('rollups', oldestMarkAt, `changes of ${amount(markedBuckets, 'bucket')} wait to be rolled up`),
    since(
      'history',
      firstDue || undefined,
      `${amount(dueDays.length, 'day')} should be in the history, from ${dueDays[0]} on`,
    ),
    since(
      'replaced files',
      oldestReplacedAt,
      `${amount(replacedFiles, 'file')} of the history that others have replaced ${replacedFiles === 1 ? 'is' : 'are'} still kept`,
      options.keepReplacedMs ?? REPLACED_FILES_MS,
    ),
    since(
      'retention',
      firstOverdue,
      `rows of ${overdue.map(({ rollup }) => rollup).join(' and ')} are older than they are kept`,
    ),
  ];
}

function platformLateness(state: PlatformUpkeep, options: LatenessOptions): Lateness[] {
  const { now = new Date() } = options;
  return [
    partitions('audit partitions', 'audit events', {
      madeUntil: state.auditMadeUntil,
      hasSome: state.hasAuditPartitions,
      wantedMs: AUDIT_AHEAD_MS,
      ...options,
      now,
    }),
    sinceBy(options, now)(
      'reservations',
      state.oldestExpiredAt,
      `${amount(state.expiredReservations, 'reservation')} that ran out ${state.expiredReservations === 1 ? 'is' : 'are'} still held`,
    ),
  ];
}

interface Partitions {
  readonly madeUntil: Date | undefined;
  readonly hasSome: boolean;
  readonly wantedMs: number;
  readonly failAfterMs?: number;
  readonly now: Date;
}

function partitions(
  subject: UpkeepSubject,
  what: string,
  { madeUntil, hasSome, wantedMs, failAfterMs, now }: Partitions,
): Lateness {
  const leftMs = madeUntil ? madeUntil.getTime() - now.getTime() : 0;
  const lateMs = Math.max(0, wantedMs - leftMs);
  if (!madeUntil) {
    // Before the first partition there is nobody whose events are refused.
    return {
      subject,
      lateMs,
      status: hasSome ? 'failing' : 'late',
      message: `there is no partition for the ${what} of today`,
    };
  }
  const isLate = leftMs < wantedMs / 2;
  const status = !isLate ? 'ok' : lateMs > (failAfterMs ?? Number.POSITIVE_INFINITY) ? 'failing' : 'late';
  return {
    subject,
    lateMs,
    status,
    message: isLate ? `partitions of ${what} end at ${madeUntil.toISOString().slice(0, 10)}` : '',
  };
}

/** A lateness that counts from a moment on; nothing is due without one. */
function sinceBy({ lateAfterMs, failAfterMs = Number.POSITIVE_INFINITY }: LatenessOptions, now: Date) {
  return (subject: UpkeepSubject, due: Date | undefined, what: string, tolerated = lateAfterMs): Lateness => {
    const lateMs = due ? Math.max(0, now.getTime() - due.getTime()) : 0;
    return {
      subject,
      lateMs,
      status: lateMs <= tolerated ? 'ok' : lateMs > failAfterMs ? 'failing' : 'late',
      message: due ? `${what}, for ${ageText(lateMs)}` : '',
    };
  };
}

function amount(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function ageText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) {
    return amount(minutes, 'minute');
  }
  return minutes < 48 * 60
    ? amount(Math.round(minutes / 60), 'hour')
    : amount(Math.round(minutes / 1440), 'day');
}
