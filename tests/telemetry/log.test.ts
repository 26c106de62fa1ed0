/** The log for machines: one JSON object a line on standard error, and nothing else. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LOG_EVENTS, LOG_FIELDS, type LogRecord } from '../../src/telemetry/index.js';
import { plinth } from '../support/command-line.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startReceiver } from './otlp-receiver.js';
import { projectMaker } from './projects.js';

const project = projectMaker();
const FINE = {
  '1_a.up.sql':
    "create table a (s text);\ninsert into a values ('hunter2');\ndo $$ begin raise notice 'hunter2'; end $$;",
  '2_b.up.sql': 'create table b ();\nselect pg_sleep(1.2);',
};
const FAILING = { '3_c.up.sql': "select 1;\nselect 'hunter2'::int;" };

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(() => database.drop());

/** Every line, each of them a record of known events and fields. */
function records(stderr: string): LogRecord[] {
  const lines = stderr.split('\n').slice(0, -1);
  expect(stderr === '' || stderr.endsWith('\n')).toBe(true);
  return lines.map((line) => {
    const record = JSON.parse(line) as LogRecord;
    expect(Object.keys(LOG_EVENTS)).toContain(record.event);
    expect(Object.keys(LOG_FIELDS)).toEqual(expect.arrayContaining(Object.keys(record)));
    expect(new Date(record.time).toISOString()).toBe(record.time);
    return record;
  });
}

describe('the log', () => {
  test('of a run has its id, its target and each migration, and no progress among them', async () => {
    const { root } = project({ migrations: FINE });
    const done = await plinth(['apply', '--log', 'json', '--format', 'json', '--url', database.url], {
      cwd: root,
    });
    expect(done.code).toBe(0);
    const log = records(done.stderr);
    expect(log.map(({ event }) => event)).toEqual([
      'run.started',
      'migration.finished',
      'migration.finished',
      'run.finished',
    ]);
    const { runId } = JSON.parse(done.stdout).data[0];
    for (const record of log) {
      expect(record).toMatchObject({ level: 'info', run_id: runId, target: 'main' });
    }
    expect(log[1]).toMatchObject({ version: '1', direction: 'up', statements: 3, rows: 1, retries: 0 });
    expect(log[2]!.duration_ms).toBeGreaterThan(1100);
    expect(done.stderr).not.toContain('hunter2');
  });

  test('is asked for by PLINTH_LOG, too, and the flag goes before it', async () => {
    const { root } = project({ migrations: FINE });
    const env = { PLINTH_LOG: 'json' };
    expect(records((await plinth(['apply', '--url', database.url], { cwd: root, env })).stderr)).toHaveLength(
      4,
    );
    const text = await plinth(['apply', '--log', 'text', '--url', database.url], { cwd: root, env });
    expect(text.stderr).toBe('');
    expect(text.stdout).toContain('up to date');
  });

  test('of a failure has its codes and its place, and none of the server’s words', async () => {
    const { root } = project({ migrations: { ...FINE, ...FAILING } });
    const { code, stderr } = await plinth(['apply', '--log=json', '--url', database.url], { cwd: root });
    expect(code).toBe(3);
    const log = records(stderr);
    expect(log.slice(-3)).toMatchObject([
      {
        event: 'migration.failed',
        level: 'error',
        version: '3',
        error_code: 'MIGRATE_STATEMENT_FAILED',
        sqlstate: '22P02',
      },
      { event: 'run.failed', level: 'error', error_code: 'MIGRATE_STATEMENT_FAILED', migrations: 2 },
      {
        event: 'command.failed',
        error_code: 'MIGRATE_STATEMENT_FAILED',
        sqlstate: '22P02',
        statement: 2,
        file: 'migrations/3_c.up.sql',
        line: 2,
        exit_code: 3,
      },
    ]);
    expect(stderr).not.toContain('hunter2');
  });

  test('of a wrong command line is a line, too', async () => {
    const { code, stderr } = await plinth(['aply', '--log', 'json']);
    expect(code).toBe(2);
    expect(records(stderr)).toMatchObject([
      {
        event: 'command.failed',
        error_code: 'CLI_COMMAND_UNKNOWN',
        exit_code: 2,
        message: expect.any(String),
      },
    ]);
  });

  test('has the trace and span that a line belongs to, where they are recorded', async () => {
    const receiver = await startReceiver();
    const { root } = project({ migrations: FINE, telemetry: `  otlpEndpoint: ${receiver.url}` });
    const env = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
    const { stderr } = await plinth(['apply', '--log', 'json', '--url', database.url], { cwd: root, env });
    const spans = receiver.spans();
    await receiver.close();
    const spanOf = (record: LogRecord) => spans.find(({ spanId }) => spanId === record.span_id);
    expect(records(stderr).map((record) => spanOf(record)?.name)).toEqual([
      'plinth.apply',
      'plinth.migration up',
      'plinth.migration up',
      'plinth.apply',
    ]);
  });

  test('tells of a collector that is not well, in a line', async () => {
    const { root } = project({ migrations: FINE, telemetry: '  otlpEndpoint: http://127.0.0.1:1' });
    const { code, stderr } = await plinth(['apply', '--log', 'json', '--url', database.url], { cwd: root });
    expect(code).toBe(0);
    expect(records(stderr).filter(({ level }) => level === 'warn')).toMatchObject([
      { event: 'telemetry.not_sent', message: expect.stringContaining('127.0.0.1:1') },
    ]);
  });

  test('asks nothing: what needs a yes is refused', async () => {
    const { root } = project({
      migrations: { '1_a.up.sql': 'create table a ();', '1_a.down.sql': 'drop table a;' },
    });
    await plinth(['apply', '--url', database.url], { cwd: root });
    const { code, stderr } = await plinth(['rollback', '--log', 'json', '--url', database.url], {
      cwd: root,
    });
    expect(code).toBe(2);
    expect(records(stderr)).toMatchObject([{ event: 'command.failed', error_code: 'CLI_NOT_CONFIRMED' }]);
  });
});
