/** What of a target's state makes it unfit for use, or worth a look. Pure. */
import type { LockHolder } from './lock.js';
import { labelOf } from './migration.js';
import type { MigrationStanding } from './state.js';
import { compareVersions } from './version.js';

/** Whether the live schema is what the applied migrations make; `unknown` where there is nothing to compare with. */
export type DriftState = 'none' | 'drifted' | 'unknown' | 'not-checked';

export type HealthStatus = 'ok' | 'degraded' | 'failing';

export type HealthReasonKind =
  | 'unreachable'
  | 'unreadable'
  | 'pending'
  | 'interrupted'
  | 'edited'
  | 'out-of-order'
  | 'missing'
  | 'ahead'
  | 'locked'
  | 'drifted'
  | 'late'
  | 'capped'
  | 'telemetry';

export interface HealthReason {
  readonly kind: HealthReasonKind;
  readonly severity: 'degraded' | 'failing';
  /** One sentence. */
  readonly message: string;
  /** The code of the error behind it, where there is one. */
  readonly errorCode?: string;
}

export interface HealthFacts {
  readonly all: readonly MigrationStanding[];
  /** Those whose statements were changed. */
  readonly edited: readonly MigrationStanding[];
  readonly lockedBy: LockHolder | undefined;
  readonly drift: DriftState;
  readonly order: 'strict' | 'allow-missing';
}

/** Every reason, the failing ones first. */
export function reasonsOf(facts: HealthFacts): HealthReason[] {
  const found = [...failings(facts), ...degradations(facts)];
  return found.flatMap(([kind, severity, what]) =>
    what === undefined ? [] : [{ kind, severity, message: what }],
  );
}

/** The worst of the reasons. */
export function statusOf(reasons: readonly HealthReason[]): {
  readonly status: HealthStatus;
  readonly ready: boolean;
} {
  const ready = !reasons.some(({ severity }) => severity === 'failing');
  return { status: ready ? (reasons.length > 0 ? 'degraded' : 'ok') : 'failing', ready };
}

type Found = readonly [HealthReasonKind, HealthReason['severity'], string | undefined];

function failings({ all, edited, order }: HealthFacts): Found[] {
  const isStrict = order === 'strict';
  const pending = all.filter(({ state }) => state === 'pending' || state === 'outdated');
  const late = pending.filter(({ outOfOrder }) => outOfOrder);
  return [
    [
      'interrupted',
      'failing',
      listed(
        all.filter(({ state }) => state === 'interrupted'),
        'not finished',
      ),
    ],
    ['edited', 'failing', listed(edited, 'changed since applied')],
    ['missing', 'failing', isStrict ? listed(missing(all, false), 'applied, without a file') : undefined],
    ['out-of-order', 'failing', isStrict ? listed(late, 'older than the newest applied') : undefined],
    ['pending', 'failing', listed(pending, 'pending')],
  ];
}

function degradations({ all, order, lockedBy, drift }: HealthFacts): Found[] {
  const ahead = order === 'strict' ? missing(all, true) : all.filter(({ state }) => state === 'missing');
  return [
    ['ahead', 'degraded', listed(ahead, 'applied by a newer checkout')],
    [
      'locked',
      'degraded',
      lockedBy && `being migrated by ${lockedBy.client} since ${lockedBy.since.toISOString()}`,
    ],
    [
      'drifted',
      'degraded',
      drift === 'drifted' ? 'the live schema is not what the applied migrations make' : undefined,
    ],
  ];
}

/** Applied migrations without a file: newer than every file, or among the files. */
function missing(all: readonly MigrationStanding[], newer: boolean): readonly MigrationStanding[] {
  const newestFile = all.findLast(({ migration }) => migration?.kind === 'versioned');
  return all.filter(
    ({ state, key }) =>
      state === 'missing' && newer === (!newestFile || compareVersions(key, newestFile.key) > 0),
  );
}

/** `3 pending: 0002_a, 0003_b, 0004_c`; `undefined` where there are none. */
function listed(standings: readonly MigrationStanding[], what: string): string | undefined {
  const names = standings.slice(0, 3).map(({ key, name }) => labelOf({ version: key, name }));
  const more = standings.length > names.length ? ` and ${standings.length - names.length} more` : '';
  return standings.length === 0 ? undefined : `${standings.length} ${what}: ${names.join(', ')}${more}`;
}
