/** A run as telemetry tells it: a span, metrics and log lines around its work. */
import { parseConnectionUrl } from '../../database/index.js';
import {
  type Attributes,
  count,
  errorCodeOf,
  inSpan,
  log,
  observe,
  setGauge,
} from '../../telemetry/index.js';
import type { RunRecord } from '../ledger/writes.js';
import type { MigrateOptions } from '../options.js';
import type { MigrationStanding } from '../state.js';
import { compareVersions } from '../version.js';

/** Spans of one run, those of its statements included, unless told otherwise. */
const DEFAULT_SPANS = 1_000;

/** What the migrations of a run have in common for telemetry. */
export interface RunTelemetry {
  readonly target: string;
  readonly runId: string;
  /** The attributes that name the database. */
  readonly server: Attributes;
  /** Spans are made: each statement of a migration is then to tell how long it took. */
  readonly isTraced: boolean;
  /** How many more spans may be made. */
  spansLeft(): number;
  /** Whether one more span may be made; counts those that may not. */
  takeSpan(): boolean;
  /** Where the target stands as the run begins; what is done afterwards is reckoned from there. */
  standsAt(standings: readonly MigrationStanding[]): void;
  /** Counts a migration that is done. */
  migrationDone(migration: { readonly version: string; readonly direction: 'up' | 'down' }): void;
}

/** Runs `work` inside the span of a run, and records how it went. */
export async function observeRun<T>(
  options: MigrateOptions,
  run: RunRecord,
  work: (telemetry: RunTelemetry) => Promise<T>,
): Promise<T> {
  const { target, member, schema } = options;
  const { action } = run;
  const tally = { spans: options.spansPerRun ?? DEFAULT_SPANS, dropped: 0, migrations: 0 };
  const server = serverAttributes(options.database.url);
  const standing = recordedStanding({ 'plinth.target': target, 'plinth.member': member });
  const fields = { run_id: run.id, action, target, member };
  const startedMs = performance.now();
  const ended = (error: unknown): void => {
    const code = error === undefined ? undefined : errorCodeOf(error);
    const durationMs = performance.now() - startedMs;
    recordRun({ target, member, action }, durationMs, code);
    log(code ? 'error' : 'info', code ? 'run.failed' : 'run.finished', {
      ...fields,
      migrations: tally.migrations,
      duration_ms: Math.round(durationMs),
      error_code: code,
    });
  };
  const attributes: Attributes = {
    ...server,
    'plinth.target': target,
    'plinth.member': member,
    'plinth.schema': schema,
    'plinth.action': action,
    'plinth.run_id': run.id,
  };
  return inSpan(`plinth.${action}`, attributes, async (span) => {
    log('info', 'run.started', fields);
    try {
      const result = await work({
        target,
        runId: run.id,
        server,
        isTraced: span.isRecording,
        spansLeft: () => tally.spans,
        takeSpan: () => {
          const may = tally.spans > 0;
          tally[may ? 'spans' : 'dropped'] += may ? -1 : 1;
          return may;
        },
        standsAt: standing.begin,
        migrationDone: (migration) => {
          tally.migrations += 1;
          standing.moved(migration);
        },
      });
      ended(undefined);
      return result;
    } catch (error) {
      ended(error);
      throw error;
    } finally {
      const dropped = span.isRecording ? tally.dropped : 0;
      span.setAttributes({
        'plinth.migrations': tally.migrations,
        ...(dropped > 0 ? { 'plinth.spans_dropped': dropped } : {}),
      });
      count('plinth.spans.dropped', dropped, { 'plinth.target': target });
    }
  });
}

/** Keeps the gauges of what is pending, and of the newest version, as migrations go up and down. */
function recordedStanding(attributes: Attributes) {
  let applied: string[] | undefined;
  let pending = 0;
  const record = (): void => {
    setGauge('plinth.migrations.pending', pending, attributes);
    setGauge('plinth.schema.info', 1, { ...attributes, 'plinth.schema.version': applied?.at(-1) ?? '' });
  };
  return {
    begin: (standings: readonly MigrationStanding[]): void => {
      applied = standings
        .filter(({ key, entry }) => entry !== undefined && !key.startsWith('R__'))
        .map(({ key }) => key);
      pending = standings.filter(({ state }) => state === 'pending' || state === 'outdated').length;
      record();
    },
    moved: ({
      version,
      direction,
    }: {
      readonly version: string;
      readonly direction: 'up' | 'down';
    }): void => {
      if (applied === undefined) {
        return;
      }
      pending = Math.max(0, pending + (direction === 'up' ? -1 : 1));
      // What moves is mostly the newest: looked for from the end, it is found at once.
      const known = applied.findLastIndex((other) => compareVersions(other, version) <= 0);
      const isThere = applied[known] === version;
      if (direction === 'down' && isThere) {
        applied.splice(known, 1);
      } else if (direction === 'up' && !isThere && !version.startsWith('R__')) {
        applied.splice(known + 1, 0, version);
      }
      record();
    },
  };
}

function recordRun(
  run: { readonly target: string; readonly member: string | undefined; readonly action: string },
  durationMs: number,
  code: string | undefined,
): void {
  const attributes = { 'plinth.target': run.target, 'plinth.action': run.action };
  const ofMember = { ...attributes, 'plinth.member': run.member };
  observe('plinth.run.duration', durationMs / 1000, { ...attributes, 'error.type': code });
  setGauge('plinth.run.end_time', Math.round(Date.now() / 1000), ofMember);
  setGauge('plinth.run.success', code === undefined ? 1 : 0, ofMember);
}

function serverAttributes(url: string): Attributes {
  const { host, port, database } = parseConnectionUrl(url);
  return {
    'db.system.name': 'postgresql',
    'db.namespace': database,
    'server.address': host,
    'server.port': host.startsWith('/') ? undefined : port,
  };
}
