/** An application that has an OpenTelemetry SDK of its own gets Plinth's spans and metrics through it. */
import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { open } from '../../src/index.js';
import { apply, type MigrateOptions } from '../../src/migrate/index.js';
import { migrationFolders } from '../migrate/migration-folder.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { projectMaker } from './projects.js';

const spans = new InMemorySpanExporter();
const measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const tracers = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
const reader = new PeriodicExportingMetricReader({ exporter: measured, exportIntervalMillis: 600_000 });
const meters = new MeterProvider({ readers: [reader] });
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(tracers);
metrics.setGlobalMeterProvider(meters);

const folder = migrationFolders();
const project = projectMaker();
let database: TestDatabase;

beforeEach(async () => {
  spans.reset();
  database = await createTestDatabase();
});

afterEach(() => database.drop());

afterAll(async () => {
  await meters.shutdown();
  trace.disable();
  metrics.disable();
  context.disable();
});

function options(files: Readonly<Record<string, string>>): MigrateOptions {
  return { database: database.database, target: 'main', folder: { path: folder(files) } };
}

function spanNamed(name: string): ReadableSpan {
  const found = spans.getFinishedSpans().find((span) => span.name === name);
  expect(found, name).toBeDefined();
  return found!;
}

describe('an application with an SDK of its own', () => {
  test('sees a run below the span that it has open', async () => {
    const { root } = project({ migrations: { '1_a.up.sql': 'create table a ();' } });
    const plinth = await open({ cwd: root, url: database.url });
    await trace.getTracer('app').startActiveSpan('deploy', async (deploy) => {
      await plinth.apply();
      deploy.end();
    });
    expect(spanNamed('plinth.apply').parentSpanContext?.spanId).toBe(
      spanNamed('deploy').spanContext().spanId,
    );
    expect(plinth.telemetry.state()).toEqual({ kind: 'application' });
  });

  test('gets the metrics, with an info gauge of the newest version only', async () => {
    const { root, write } = project({ migrations: { '1_a.up.sql': 'create table a ();' } });
    const plinth = await open({ cwd: root, url: database.url });
    await plinth.apply();
    write({ '2_b.up.sql': 'create table b ();' });
    await plinth.apply();
    measured.reset();
    await reader.forceFlush();
    const points = measured
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap((scope) => scope.metrics)
      .filter(({ descriptor }) => descriptor.name === 'plinth.schema.info')
      .flatMap(({ dataPoints }) => dataPoints.map(({ attributes }) => attributes));
    expect(points).toEqual([{ 'plinth.target': 'main', 'plinth.schema.version': '2' }]);
  });
});

describe('statements of one message', () => {
  const milliseconds = ({ duration }: ReadableSpan): number => duration[0] * 1000 + duration[1] / 1e6;

  test('have their own times, also when one of them fails', async () => {
    const refused = "do $$ begin perform pg_sleep(0.1); raise 'no'; end $$;";
    const made = options({ '1_a.up.sql': `select pg_sleep(0.2);\nselect 1;\n${refused}` });
    await expect(apply(made)).rejects.toMatchObject({ code: 'MIGRATE_STATEMENT_FAILED' });
    const found = spans.getFinishedSpans().filter(({ name }) => ['SELECT', 'DO'].includes(name));
    expect(found.map((span) => span.attributes['error.type'])).toEqual([undefined, undefined, 'P0001']);
    expect(milliseconds(found[0]!)).toBeGreaterThan(195);
    expect(milliseconds(found[1]!)).toBeLessThan(100);
    expect(milliseconds(found[2]!)).toBeGreaterThan(95);
  });

  test('set their transaction as they do without spans', async () => {
    const text = `begin;
      set transaction isolation level serializable;
      create table level as select current_setting('transaction_isolation') as name;
      commit;`;
    await apply(options({ '1_a.up.sql': text }));
    const rows = await withSession(database.database, (session) => session.query('select name from level'));
    expect(rows).toEqual([{ name: 'serializable' }]);
    expect(spanNamed('CREATE TABLE AS')).toBeDefined();
  });
});

describe('a migration that meets others', () => {
  test('tells of its retries, its lock wait and who was in the way', async () => {
    await withSession(database.database, (session) => session.run('create table busy ()'));
    const made = options({ '1_a.up.sql': 'alter table busy add column a int;' });
    await withSession(database.database, async (holder) => {
      await holder.run('begin; lock table busy');
      const running = apply({ ...made, limits: { lockTimeoutMs: 700, retryForMs: 20_000 } });
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await holder.run('commit');
      await running;
    });
    const { attributes } = spanNamed('plinth.migration up');
    expect(attributes['plinth.retries']).toBeGreaterThan(0);
    expect(attributes['plinth.lock_wait_ms']).toBeGreaterThan(0);
    expect(attributes['plinth.blockers']).toBe(1);
    const tries = spans.getFinishedSpans().filter(({ name }) => name === 'ALTER TABLE');
    expect(tries.map((span) => span.attributes['error.type'] ?? 'done')).toEqual([
      ...tries.slice(1).map(() => '55P03'),
      'done',
    ]);
    expect(attributes['plinth.statements']).toBe(tries.length);
  });

  test('says so when an earlier run was interrupted in it', async () => {
    const files = { '1_a.up.sql': 'create table a ();\nvacuum a;\nselect 1/0;' };
    const made = options(files);
    await expect(apply(made)).rejects.toMatchObject({ code: 'MIGRATE_STATEMENT_FAILED' });
    spans.reset();
    const mended = {
      ...made,
      folder: { path: folder({ '1_a.up.sql': files['1_a.up.sql'].replace('1/0', '1') }) },
    };
    await apply(mended);
    expect(spanNamed('plinth.migration up').attributes).toMatchObject({
      'plinth.migration.resumed': true,
      'plinth.statements': 1,
    });
  });
});

describe('a span', () => {
  test('never holds a constant, however it is written', async () => {
    const secrets = fc.sample(fc.stringMatching(/^[A-Za-z0-9 '"$\\;/*-]{0,12}$/), { numRuns: 60, seed: 7 });
    const planted = secrets.map((text, index) => `zq${index}x${text}`);
    const statements = planted.flatMap((secret, index) => [
      [
        `select '${secret.replaceAll("'", "''")}'`,
        `select E'${secret.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
        `select $tag$${secret}$tag$`,
        `comment on table kept is '${secret.replaceAll("'", "''")}'`,
        `/* ${secret.replaceAll('*', '').replaceAll('/', '')} */ select 1`,
        `select 1 -- ${secret}`,
      ][index % 6]!,
    ]);
    const text = `create table kept ();\n${statements.join('\n;\n')}\n;\n`;
    await apply(options({ '1_secrets.up.sql': text }));
    const recorded = spans.getFinishedSpans();
    expect(recorded.length).toBeGreaterThanOrEqual(60);
    const everything = JSON.stringify(recorded.map(({ name, attributes }) => ({ name, attributes })));
    expect(everything).not.toMatch(/zq\d+x/);
  });

  test('never holds the rows of a copy, nor those of a refused one', async () => {
    const text = 'create table kept (id int);\ncopy kept from stdin;\n1\nzq1xsecret\n\\.\n';
    await expect(apply(options({ '1_copy.up.sql': text }))).rejects.toMatchObject({
      code: 'MIGRATE_STATEMENT_FAILED',
    });
    const copy = spanNamed('COPY');
    expect(copy.attributes).toMatchObject({ 'error.type': '22P02', 'db.operation.name': 'COPY' });
    expect(
      JSON.stringify(
        spans.getFinishedSpans().map(({ attributes, events, status }) => [attributes, events, status]),
      ),
    ).not.toContain('zq1x');
  });
});
