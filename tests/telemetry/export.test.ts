/** What a collector gets from the command line, and what a collector that is not well does to it: nothing. */
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ATTRIBUTES, METRICS, type MetricName, metricOf, SPANS } from '../../src/telemetry/index.js';
import { plinth } from '../support/command-line.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type OtlpReceiver, type ReceivedSpan, startReceiver } from './otlp-receiver.js';
import { projectMaker } from './projects.js';
import { stringsIn } from './protobuf-strings.js';

const project = projectMaker();
const JSON_ENCODING = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };

const ACCOUNTS = {
  '0001_accounts.up.sql': `create table accounts (id int primary key, secret text);
    insert into accounts select n, 'hunter2-' || n from generate_series(1, 7) as n; -- hunter2 in a comment
    select 'hunter2', $$hunter2$$, 7421984 from accounts where secret <> 'hunter2';`,
  '0001_accounts.down.sql': 'drop table accounts;',
  '0002_index.up.sql': 'create index concurrently accounts_secret_idx on accounts (secret);',
  '0002_index.down.sql': 'drop index accounts_secret_idx;',
};

let database: TestDatabase;
let receiver: OtlpReceiver;

beforeAll(async () => {
  receiver = await startReceiver();
});

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(async () => {
  receiver.forget();
  await database.drop();
});

afterAll(() => receiver.close());

function named(spans: readonly ReceivedSpan[], name: string): ReceivedSpan[] {
  return spans.filter((span) => span.name === name);
}

describe('a collector gets', () => {
  test('a run with its migrations and their statements as one tree', async () => {
    const { root } = project({ migrations: ACCOUNTS, telemetry: `  otlpEndpoint: ${receiver.url}/` });
    const done = await plinth(['apply', '--url', database.url], { cwd: root, env: JSON_ENCODING });
    expect(done).toMatchObject({ code: 0 });
    expect(done.stderr).not.toContain('warning');
    const spans = receiver.spans();
    const [run] = named(spans, 'plinth.apply');
    const migrations = named(spans, 'plinth.migration up');
    expect(run).toMatchObject({ parentSpanId: undefined, status: 0 });
    expect(migrations.map((span) => span.attributes['plinth.migration.version'])).toEqual(['0001', '0002']);
    const children = (parent: ReceivedSpan) => spans.filter((span) => span.parentSpanId === parent.spanId);
    expect(children(run!)).toEqual(migrations);
    expect(children(migrations[0]!).map(({ name }) => name)).toEqual(['CREATE TABLE', 'INSERT', 'SELECT']);
    expect(children(migrations[1]!).map(({ name }) => name)).toEqual(['CREATE INDEX']);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  });

  test('statements with their own times, inside their migration and one after another', async () => {
    const { root } = project({
      migrations: { '1_slow.up.sql': 'select pg_sleep(0.3);\nselect 1;\nselect pg_sleep(0.1);' },
      telemetry: `  otlpEndpoint: ${receiver.url}`,
    });
    await plinth(['apply', '--url', database.url], { cwd: root, env: JSON_ENCODING });
    const spans = receiver.spans();
    const migration = named(spans, 'plinth.migration up')[0]!;
    const selects = named(spans, 'SELECT');
    const tolerance = 5_000_000n;
    expect(selects).toHaveLength(3);
    for (const [index, span] of selects.entries()) {
      expect(span.startNs >= migration.startNs - tolerance).toBe(true);
      expect(span.endNs <= migration.endNs + tolerance).toBe(true);
      expect(span.startNs >= (selects[index - 1]?.endNs ?? 0n) - tolerance).toBe(true);
    }
    const milliseconds = selects.map(({ startNs, endNs }) => Number(endNs - startNs) / 1e6);
    expect(milliseconds[0]).toBeGreaterThan(290);
    expect(milliseconds[1]).toBeLessThan(100);
    expect(milliseconds[2]).toBeGreaterThan(95);
  });

  test('the names of the semantic conventions, and no attribute that is not documented', async () => {
    const { root } = project({ migrations: ACCOUNTS, telemetry: `  otlpEndpoint: ${receiver.url}` });
    await plinth(['apply', '--url', database.url], { cwd: root, env: JSON_ENCODING });
    const spans = receiver.spans();
    const address = new URL(database.url);
    const server = {
      'db.system.name': 'postgresql',
      'db.namespace': database.name,
      'server.address': address.hostname,
      'server.port': Number(address.port),
    };
    expect(named(spans, 'INSERT')[0]).toMatchObject({
      kind: 3,
      attributes: {
        ...server,
        'db.operation.name': 'INSERT',
        'db.query.text': expect.stringMatching(/^insert into accounts select n, \? \|\| n from/),
        'plinth.rows': 7,
        'plinth.statement': 2,
      },
    });
    expect(named(spans, 'SELECT')[0]!.attributes).toMatchObject({ 'db.response.returned_rows': 7 });
    expect(named(spans, 'plinth.apply')[0]!.attributes).toMatchObject({
      ...server,
      'plinth.target': 'main',
      'plinth.action': 'apply',
      'plinth.migrations': 2,
    });
    expect(named(spans, 'plinth.migration up')[0]!.attributes).toMatchObject({
      'plinth.migration.name': 'accounts',
      'plinth.statements': 3,
      'plinth.rows': 14,
      'plinth.retries': 0,
      'plinth.lock_wait_ms': 0,
      'plinth.blockers': 0,
      'plinth.migration.resumed': false,
    });
    for (const { name, attributes } of spans) {
      expect(Object.keys(ATTRIBUTES)).toEqual(expect.arrayContaining(Object.keys(attributes)));
      expect(Object.hasOwn(SPANS, name) || attributes['db.operation.name'] === name).toBe(true);
    }
  });

  test('metrics with the units and attributes that are documented', async () => {
    const { root } = project({ migrations: ACCOUNTS, telemetry: `  otlpEndpoint: ${receiver.url}` });
    await plinth(['apply', '--url', database.url], { cwd: root, env: JSON_ENCODING });
    const points = receiver.points();
    const of = (metric: string) => points.filter((point) => point.metric === metric);
    expect(of('plinth.migration.duration')).toMatchObject([
      { unit: 's', count: 2, attributes: { 'plinth.target': 'main', 'plinth.migration.direction': 'up' } },
    ]);
    expect(of('plinth.migration.statements')).toMatchObject([{ value: 4 }]);
    expect(of('plinth.migration.rows')).toMatchObject([{ value: 14 }]);
    expect(of('plinth.migrations.pending')).toMatchObject([{ value: 0 }]);
    expect(of('plinth.schema.info')).toMatchObject([
      { value: 1, attributes: { 'plinth.schema.version': '0002' } },
    ]);
    expect(of('plinth.run.success')).toMatchObject([{ value: 1 }]);
    for (const { metric, unit, attributes } of points) {
      expect(Object.keys(METRICS)).toContain(metric);
      expect(unit).toBe(metricOf(metric as MetricName).unit);
      expect(metricOf(metric as MetricName).attributes).toEqual(
        expect.arrayContaining(Object.keys(attributes)),
      );
    }
  });

  test('a failure by its codes, and nothing that a message, a constant, a comment or the connection holds', async () => {
    const { root } = project({
      migrations: {
        ...ACCOUNTS,
        '0003_fails.up.sql':
          "select 1;\ninsert into accounts values (1, 'hunter2'), (1, 'hunter2');\nselect 2;",
      },
      telemetry: `  otlpEndpoint: ${receiver.url}`,
    });
    const url = `${database.url}${database.url.includes('?') ? '&' : '?'}application_name=hunter2`;
    const env = { ...JSON_ENCODING, OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20token-hunter2' };
    const { code, stderr } = await plinth(['apply', '--url', url], { cwd: root, env });
    expect(code, stderr).toBe(3);
    const spans = receiver.spans();
    const failed = spans.filter(({ status }) => status === 2);
    expect(failed.map(({ name, attributes }) => [name, attributes['error.type']]).sort()).toEqual([
      ['INSERT', '23505'],
      ['plinth.apply', 'MIGRATE_STATEMENT_FAILED'],
      ['plinth.migration up', 'MIGRATE_STATEMENT_FAILED'],
    ]);
    expect(named(failed, 'INSERT')[0]!.attributes['db.response.status_code']).toBe('23505');
    expect(receiver.points().filter(({ metric }) => metric === 'plinth.migration.failures')).toMatchObject([
      { value: 1, attributes: { 'error.type': 'MIGRATE_STATEMENT_FAILED' } },
    ]);
    expect(receiver.everything()).not.toMatch(/hunter2|7421984/);
    expect(receiver.everything()).not.toContain(new URL(database.url).password || 'no password');
    expect(receiver.requests[0]!.headers.authorization).toBe('Bearer token-hunter2');
  });

  test('a rollback, too', async () => {
    const { root } = project({ migrations: ACCOUNTS, telemetry: `  otlpEndpoint: ${receiver.url}` });
    await plinth(['apply', '--url', database.url], { cwd: root, env: JSON_ENCODING });
    receiver.forget();
    await plinth(['rollback', '--steps', '1', '--yes', '--url', database.url], {
      cwd: root,
      env: JSON_ENCODING,
    });
    const [run] = named(receiver.spans(), 'plinth.rollback');
    expect(named(receiver.spans(), 'plinth.migration down')).toMatchObject([{ parentSpanId: run!.spanId }]);
    const pending = receiver.points().filter(({ metric }) => metric === 'plinth.migrations.pending');
    expect(pending).toMatchObject([{ value: 1 }]);
  });

  test('no more spans than a run may make, and how many were left out', async () => {
    const statements = Array.from({ length: 50 }, (_, index) => `select ${index};`).join('\n');
    const { root } = project({
      migrations: { '1_many.up.sql': statements, '2_more.up.sql': statements },
      telemetry: `  otlpEndpoint: ${receiver.url}\n  spansPerRun: 20`,
    });
    await plinth(['apply', '--url', database.url], { cwd: root, env: JSON_ENCODING });
    const spans = receiver.spans();
    expect(spans).toHaveLength(21);
    expect(named(spans, 'plinth.apply')[0]!.attributes['plinth.spans_dropped']).toBe(50 + 50 + 2 - 20 - 50);
    expect(receiver.points().filter(({ metric }) => metric === 'plinth.migration.statements')).toMatchObject([
      { value: 100 },
    ]);
  });

  test('protobuf unless told otherwise, compressed where wanted', async () => {
    const { root } = project({ migrations: ACCOUNTS });
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' };
    await plinth(['apply', '--url', database.url], { cwd: root, env });
    expect(receiver.requests.map(({ path }) => path).sort()).toEqual(['/v1/metrics', '/v1/traces']);
    const traces = receiver.requests.find(({ path }) => path === '/v1/traces')!;
    expect(traces.headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
    });
    const strings = stringsIn(traces.body);
    expect(strings).toEqual(
      expect.arrayContaining(['plinth.apply', 'plinth.migration up', 'CREATE TABLE', 'postgresql']),
    );
    expect(strings.join('\n')).not.toContain('hunter2');
  });

  test('the service and the resource that the standard variables name', async () => {
    const { root } = project({ migrations: ACCOUNTS });
    const env = {
      ...JSON_ENCODING,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_SERVICE_NAME: 'billing-migrations',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging,team=data%20platform',
    };
    await plinth(['apply', '--url', database.url], { cwd: root, env });
    expect(receiver.resource()).toMatchObject({
      'service.name': 'billing-migrations',
      'service.version': expect.stringMatching(/^\d/),
      'deployment.environment.name': 'staging',
      team: 'data platform',
    });
  });

  test('the trace that TRACEPARENT names, gone on with', async () => {
    const { root } = project({ migrations: ACCOUNTS, telemetry: `  otlpEndpoint: ${receiver.url}` });
    const env = { ...JSON_ENCODING, TRACEPARENT: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
    await plinth(['apply', '--url', database.url], { cwd: root, env });
    const spans = receiver.spans();
    expect(named(spans, 'plinth.apply')[0]).toMatchObject({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      parentSpanId: '00f067aa0ba902b7',
    });
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  });

  test('no spans of a trace that was not chosen, but its metrics', async () => {
    const { root } = project({ migrations: ACCOUNTS, telemetry: `  otlpEndpoint: ${receiver.url}` });
    const env = { ...JSON_ENCODING, TRACEPARENT: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00' };
    await plinth(['apply', '--url', database.url], { cwd: root, env });
    expect(receiver.requests.map(({ path }) => path)).toEqual(['/v1/metrics']);
  });

  test.each<Record<string, string>>([
    { OTEL_SDK_DISABLED: 'true' },
    { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' },
  ])('nothing with %o', async (variables) => {
    const { root } = project({ migrations: ACCOUNTS, telemetry: `  otlpEndpoint: ${receiver.url}` });
    const { code } = await plinth(['apply', '--url', database.url], { cwd: root, env: variables });
    expect(code).toBe(0);
    expect(receiver.requests).toEqual([]);
  });
});

describe('a collector that is not well', () => {
  const warnings = (stderr: string): number =>
    stderr.split('\n').filter((line) => /^warning:/.test(line)).length;

  test('and refuses connections fails and slows nothing, and is told once', async () => {
    const { root } = project({ migrations: ACCOUNTS, telemetry: '  otlpEndpoint: http://127.0.0.1:1' });
    const startedMs = performance.now();
    const { code, stderr } = await plinth(['apply', '--url', database.url], { cwd: root });
    expect(code).toBe(0);
    expect(warnings(stderr)).toBe(1);
    expect(stderr).toContain('the collector at 127.0.0.1:1 cannot be reached (ECONNREFUSED)');
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });

  test('and never answers is waited for no longer than two seconds', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const { root } = project({ migrations: ACCOUNTS });
    const time = async (env: Record<string, string>) => {
      const startedMs = performance.now();
      const finished = await plinth(['apply', '--url', database.url], { cwd: root, env });
      return { ...finished, elapsedMs: performance.now() - startedMs };
    };
    await time({});
    const without = await time({});
    const withSilent = await time({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
    silent.close();
    expect(withSilent.code).toBe(0);
    expect(warnings(withSilent.stderr)).toBe(1);
    expect(withSilent.stderr).toContain('does not answer in time');
    // Two seconds of waiting, and the loading of the SDK.
    expect(withSilent.elapsedMs - without.elapsedMs).toBeLessThan(4_000);
  });

  test('and is busy is asked again', async () => {
    const busy = await startReceiver((index) => (index < 2 ? 503 : 200));
    const { root } = project({ migrations: ACCOUNTS, telemetry: `  otlpEndpoint: ${busy.url}` });
    const { code, stderr } = await plinth(['apply', '--url', database.url], {
      cwd: root,
      env: JSON_ENCODING,
    });
    expect(code).toBe(0);
    expect(warnings(stderr)).toBe(0);
    expect(busy.requests.length).toBe(4);
    await busy.close();
  });

  test('and refuses what it is sent is told once', async () => {
    const refusing = await startReceiver(() => 400);
    const { root } = project({ migrations: ACCOUNTS, telemetry: `  otlpEndpoint: ${refusing.url}` });
    const { code, stderr } = await plinth(['apply', '--url', database.url], { cwd: root });
    expect(code).toBe(0);
    expect(warnings(stderr)).toBe(1);
    expect(stderr).toContain('answers with 400');
    await refusing.close();
  });

  test.each([
    ['is no address', { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }, 'is not a URL'],
    [
      'speaks another protocol',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      'OTEL_EXPORTER_OTLP_PROTOCOL is grpc',
    ],
  ])('and %s is told once', async (_, env, words) => {
    const { root } = project({ migrations: ACCOUNTS });
    const { code, stderr } = await plinth(['apply', '--url', database.url], { cwd: root, env });
    expect(code).toBe(0);
    expect(warnings(stderr)).toBe(1);
    expect(stderr).toContain(words);
  });
});
