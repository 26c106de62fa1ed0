/**
 * Every metric of Plinth. Units are UCUM, names and units as the OpenTelemetry conventions write them; the
 * Prometheus names are derived (`prometheus.ts`). Attributes are few and come from the configuration, so that
 * the number of series does not grow with the number of migrations.
 */
import type { AttributeName } from './attributes.js';
import type { Described } from './described.js';

export interface Metric extends Described {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly unit: string;
  readonly attributes: readonly AttributeName[];
  /** The upper bounds of a histogram's buckets, in the metric's unit. */
  readonly bounds?: readonly number[];
  /** A gauge that has one series for the same values of these attributes: a new one takes the place of the old. */
  readonly onePer?: readonly AttributeName[];
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];

export const METRICS = {
  'plinth.run.duration': {
    kind: 'histogram',
    unit: 's',
    attributes: ['plinth.target', 'plinth.action', 'error.type'],
    bounds: SECONDS,
    means: 'How long runs took, waiting for other runs included.',
  },
  'plinth.run.end_time': {
    kind: 'gauge',
    unit: 's',
    attributes: ['plinth.target', 'plinth.member', 'plinth.action'],
    means: 'When the last run ended, in seconds since 1970.',
  },
  'plinth.run.success': {
    kind: 'gauge',
    unit: '{run}',
    attributes: ['plinth.target', 'plinth.member', 'plinth.action'],
    means: '1 when the last run succeeded, 0 when it failed.',
  },
  'plinth.migration.duration': {
    kind: 'histogram',
    unit: 's',
    attributes: ['plinth.target', 'plinth.migration.direction', 'error.type'],
    bounds: SECONDS,
    means: 'How long migrations took, their retries included.',
  },
  'plinth.migration.lock_wait': {
    kind: 'histogram',
    unit: 's',
    attributes: ['plinth.target', 'plinth.migration.direction'],
    bounds: SECONDS,
    means: 'How long migrations were seen waiting for locks of others.',
  },
  'plinth.migration.failures': {
    kind: 'counter',
    unit: '{failure}',
    attributes: ['plinth.target', 'plinth.migration.direction', 'error.type'],
    means: 'Migrations that failed, by the code of the error.',
  },
  'plinth.migration.retries': {
    kind: 'counter',
    unit: '{retry}',
    attributes: ['plinth.target', 'db.response.status_code'],
    means: 'Tries of migrations that were given up because others held locks, by SQLSTATE.',
  },
  'plinth.migration.statements': {
    kind: 'counter',
    unit: '{statement}',
    attributes: ['plinth.target', 'plinth.migration.direction'],
    means: 'Statements of migrations that ran.',
  },
  'plinth.migration.rows': {
    kind: 'counter',
    unit: '{row}',
    attributes: ['plinth.target', 'plinth.migration.direction'],
    means: 'Rows that migrations returned or changed.',
  },
  'plinth.migration.kept_rows': {
    kind: 'counter',
    unit: '{row}',
    attributes: ['plinth.target', 'plinth.migration.direction'],
    means: 'Rows that were kept before statements of migrations destroyed them.',
  },
  'plinth.migration.kept_bytes': {
    kind: 'counter',
    unit: 'By',
    attributes: ['plinth.target', 'plinth.migration.direction'],
    means: 'Bytes of what was kept.',
  },
  'plinth.migration.unplaced_rows': {
    kind: 'counter',
    unit: '{row}',
    attributes: ['plinth.target', 'plinth.migration.direction'],
    means: 'Kept rows that could not be put back, and stay kept.',
  },
  'plinth.kept.size': {
    kind: 'gauge',
    unit: 'By',
    attributes: ['plinth.target', 'plinth.member'],
    means: 'How large the kept data is, when last looked at.',
  },
  'plinth.kept.expired': {
    kind: 'gauge',
    unit: '{entry}',
    attributes: ['plinth.target', 'plinth.member'],
    means: 'Entries of kept data that are older than their age limit, when last looked at.',
  },
  'plinth.migrations.pending': {
    kind: 'gauge',
    unit: '{migration}',
    attributes: ['plinth.target', 'plinth.member'],
    means: 'Migrations of the folder that are not applied, when last looked at.',
  },
  'plinth.schema.info': {
    kind: 'gauge',
    unit: '{schema}',
    attributes: ['plinth.target', 'plinth.member', 'plinth.schema.version'],
    onePer: ['plinth.target', 'plinth.member'],
    means: 'Always 1; the newest applied version is an attribute.',
  },
  'plinth.spans.dropped': {
    kind: 'counter',
    unit: '{span}',
    attributes: ['plinth.target'],
    means: 'Spans that were left out because their run had made as many as it may.',
  },
  'plinth.usage.imported': {
    kind: 'counter',
    unit: '{event}',
    attributes: ['plinth.usage.outcome'],
    means: 'Usage events read from files, by what became of them.',
  },
  'plinth.usage.import.duration': {
    kind: 'histogram',
    unit: 's',
    attributes: ['error.type'],
    bounds: SECONDS,
    means: 'How long imports of usage took.',
  },
  'plinth.usage.mismatches': {
    kind: 'counter',
    unit: '{bucket}',
    attributes: [],
    means: 'Buckets of rollups that a reconciliation found to differ from their source.',
  },
  'plinth.budgets.differing': {
    kind: 'gauge',
    unit: '{budget}',
    attributes: [],
    means: 'Periods of budgets whose spending is not what their usage has cost, when all were last compared.',
  },
  'plinth.upkeep.done': {
    kind: 'counter',
    unit: '{item}',
    attributes: ['plinth.upkeep.step'],
    means: 'What upkeep has done: partitions made, reservations given back, buckets rolled up, days moved.',
  },
  'plinth.upkeep.duration': {
    kind: 'histogram',
    unit: 's',
    attributes: ['plinth.upkeep.step', 'error.type'],
    bounds: SECONDS,
    means: 'How long steps of upkeep took.',
  },
  'plinth.upkeep.late': {
    kind: 'gauge',
    unit: 's',
    attributes: ['plinth.upkeep.step'],
    means:
      'How long ago each step of upkeep should have been done, when last looked at; 0 when nothing is due.',
  },
  'plinth.usage.marked': {
    kind: 'gauge',
    unit: '{bucket}',
    attributes: [],
    means: 'Buckets of usage that wait to be rolled up, when last looked at.',
  },
  'plinth.usage.capped': {
    kind: 'gauge',
    unit: '{organization}',
    attributes: ['plinth.rollup'],
    means:
      'Organizations with more keys or other values in a bucket of the last two days than the rollup keeps, when last looked at.',
  },
  'plinth.health.ready': {
    kind: 'gauge',
    unit: '{target}',
    attributes: ['plinth.target', 'plinth.member'],
    means: '1 when the target is fit for use, 0 when not.',
  },
  'plinth.health.reachable': {
    kind: 'gauge',
    unit: '{target}',
    attributes: ['plinth.target', 'plinth.member'],
    means: '1 when the database answers, 0 when not.',
  },
  'plinth.drift.duration': {
    kind: 'histogram',
    unit: 's',
    attributes: ['plinth.target', 'error.type'],
    bounds: SECONDS,
    means: 'How long comparisons of live schemas with their migrations took.',
  },
  'plinth.drift.differences': {
    kind: 'gauge',
    unit: '{object}',
    attributes: ['plinth.target', 'plinth.member'],
    means: 'Objects of the live schema that are not as the applied migrations make them, when last compared.',
  },
  'plinth.drift.known': {
    kind: 'gauge',
    unit: '{target}',
    attributes: ['plinth.target', 'plinth.member'],
    means: '1 when the last comparison could tell whether the schema has drifted, 0 when not.',
  },
  'plinth.drift.end_time': {
    kind: 'gauge',
    unit: 's',
    attributes: ['plinth.target', 'plinth.member'],
    means: 'When the live schema was last compared, in seconds since 1970.',
  },
  'plinth.migrations.interrupted': {
    kind: 'gauge',
    unit: '{migration}',
    attributes: ['plinth.target', 'plinth.member'],
    means: 'Migrations that a run has left unfinished.',
  },
  'plinth.migrations.edited': {
    kind: 'gauge',
    unit: '{migration}',
    attributes: ['plinth.target', 'plinth.member'],
    means: 'Applied migrations whose statements were changed in their files.',
  },
  'plinth.migrations.missing': {
    kind: 'gauge',
    unit: '{migration}',
    attributes: ['plinth.target', 'plinth.member'],
    means: 'Applied migrations that the folder does not have.',
  },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;

type NamesOfKind<Kind> = {
  [Name in MetricName]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];

export type CounterName = NamesOfKind<'counter'>;
export type GaugeName = NamesOfKind<'gauge'>;
export type HistogramName = NamesOfKind<'histogram'>;

/** The declaration of a metric, without the narrow types of its literals. */
export function metricOf(name: MetricName): Metric {
  return METRICS[name];
}
