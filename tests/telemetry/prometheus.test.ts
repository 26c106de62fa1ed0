import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  combined,
  count,
  forgetMetrics,
  METRICS,
  observe,
  prometheusName,
  prometheusText,
  recordedMetrics,
  setGauge,
  since,
} from '../../src/telemetry/index.js';
import { plinth } from '../support/command-line.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { projectMaker } from './projects.js';
import { parsePrometheus } from './prometheus-format.js';

const project = projectMaker();

describe('the text for Prometheus', () => {
  beforeEach(() => forgetMetrics());

  test('is read by a strict reader, whatever the labels hold, and goes on adding up over processes', () => {
    const target = fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '{', '}', ',', '=', ' ', 'é') });
    const recording = fc.record({
      target,
      seconds: fc.double({ min: 0, max: 4000, noNaN: true }),
      rows: fc.nat(1e6),
    });
    fc.assert(
      fc.property(fc.array(recording, { minLength: 1, maxLength: 8 }), fc.nat(8), (recordings, cut) => {
        const record = (some: typeof recordings): void => {
          for (const { target: name, seconds, rows } of some) {
            observe('plinth.run.duration', seconds, { 'plinth.target': name, 'plinth.action': 'apply' });
            count('plinth.migration.rows', rows, { 'plinth.target': name });
            setGauge('plinth.migrations.pending', rows, { 'plinth.target': name });
          }
        };
        forgetMetrics();
        record(recordings.slice(0, cut));
        const first = prometheusText(recordedMetrics());
        forgetMetrics();
        record(recordings.slice(cut));
        const both = parsePrometheus(prometheusText(combined(first, recordedMetrics())));
        forgetMetrics();
        record(recordings);
        const atOnce = parsePrometheus(prometheusText(recordedMetrics()));
        const flat = (families: typeof both) =>
          families
            .flatMap(({ samples }) => samples)
            .map(({ name, labels, value }) => [
              name,
              JSON.stringify(Object.entries(labels).sort()),
              Number(value.toFixed(6)),
            ])
            .sort();
        expect(flat(both)).toEqual(flat(atOnce));
      }),
    );
  });

  test('has one family for each metric, named as OpenTelemetry prescribes', () => {
    const names = (Object.keys(METRICS) as (keyof typeof METRICS)[]).map(prometheusName);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining([
        'plinth_migration_duration_seconds',
        'plinth_migration_failures_total',
        'plinth_migrations_pending',
        'plinth_schema_info',
      ]),
    );
  });

  test('has one series of a target’s newest version', () => {
    setGauge('plinth.schema.info', 1, { 'plinth.target': 'main', 'plinth.schema.version': '1' });
    setGauge('plinth.schema.info', 1, { 'plinth.target': 'other', 'plinth.schema.version': '1' });
    const before = prometheusText(recordedMetrics());
    setGauge('plinth.schema.info', 1, { 'plinth.target': 'main', 'plinth.schema.version': '2' });
    const [family] = parsePrometheus(prometheusText(combined(before, recordedMetrics())));
    expect(family!.samples.map(({ labels }) => labels.plinth_schema_version).sort()).toEqual(['1', '2']);
  });

  test('is begun anew where the file holds something else', () => {
    count('plinth.migration.rows', 3, { 'plinth.target': 'main' });
    const [family] = parsePrometheus(
      prometheusText(combined('<html>not metrics</html>\n', recordedMetrics())),
    );
    expect(family!.samples).toEqual([
      { name: 'plinth_migration_rows_total', labels: { plinth_target: 'main' }, value: 3 },
    ]);
  });

  test('holds what was recorded since, and nothing twice', () => {
    count('plinth.migration.rows', 3, { 'plinth.target': 'main' });
    const earlier = new Map([...recordedMetrics()].map(([name, series]) => [name, new Map(series)]));
    count('plinth.migration.rows', 4, { 'plinth.target': 'main' });
    const [family] = parsePrometheus(prometheusText(since(recordedMetrics(), earlier)));
    expect(family!.samples[0]!.value).toBe(4);
  });
});

describe('the file for a node exporter', () => {
  const MIGRATIONS = {
    '1_a.up.sql': 'create table a as select generate_series(1, 5);',
    '1_a.down.sql': 'drop table a;',
  };
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase();
  });

  afterEach(() => database.drop());

  const read = (root: string) => {
    const families = parsePrometheus(readFileSync(join(root, 'metrics/plinth.prom'), 'utf8'));
    return (name: string, labels: Record<string, string> = {}) =>
      families
        .flatMap(({ samples }) => samples)
        .find(
          (sample) =>
            sample.name === name &&
            Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
        )?.value;
  };

  test('holds each run, added to the ones before, and is never half written', async () => {
    const { root } = project({ migrations: MIGRATIONS, telemetry: '  prometheusFile: metrics/plinth.prom' });
    const run = (...args: string[]) => plinth([...args, '--url', database.url], { cwd: root });
    await run('apply');
    const first = read(root);
    expect(first('plinth_run_success', { plinth_action: 'apply' })).toBe(1);
    expect(first('plinth_run_end_time_seconds')).toBeGreaterThan(1.7e9);
    expect(first('plinth_migration_duration_seconds_count', { plinth_migration_direction: 'up' })).toBe(1);
    expect(first('plinth_migrations_pending')).toBe(0);
    await run('rollback', '--yes');
    await run('apply');
    const third = read(root);
    expect(third('plinth_migration_duration_seconds_count', { plinth_migration_direction: 'up' })).toBe(2);
    expect(third('plinth_migration_duration_seconds_count', { plinth_migration_direction: 'down' })).toBe(1);
    expect(third('plinth_migration_rows_total', { plinth_migration_direction: 'up' })).toBe(10);
    expect(readdirSync(join(root, 'metrics'))).toEqual(['plinth.prom']);
  });

  test('holds a failed run, too', async () => {
    const { root } = project({
      migrations: { '1_bad.up.sql': 'select 1/0;' },
      telemetry: '  prometheusFile: metrics/plinth.prom',
    });
    const { code } = await plinth(['apply', '--url', database.url], { cwd: root });
    expect(code).toBe(3);
    const sample = read(root);
    expect(sample('plinth_run_success')).toBe(0);
    expect(sample('plinth_migration_failures_total', { error_type: 'MIGRATE_STATEMENT_FAILED' })).toBe(1);
    expect(sample('plinth_migrations_pending')).toBe(1);
  });

  test('that cannot be written is told, and fails nothing', async () => {
    const { root } = project({ migrations: MIGRATIONS, telemetry: '  prometheusFile: metrics/plinth.prom' });
    writeFileSync(join(root, 'metrics'), 'a file where the folder should be');
    const { code, stderr } = await plinth(['apply', '--url', database.url], { cwd: root });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: The Prometheus file is not written/m);
  });
});
