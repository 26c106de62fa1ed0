/** Runs data-quality tests. Reads only: in a transaction that may not write, and each within its time. */
import { isPlinthError } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { qualifiedName, quoteIdentifier } from '../../sql/index.js';
import { inSpan } from '../../telemetry/index.js';
import { cancellable } from '../cancellation.js';
import type { ForeignColumn, QualityKind, QualitySeverity, QualityTest } from './quality-test.js';

export interface QualityOptions {
  readonly tests: readonly QualityTest[];
  /** Opens the target that a column of `exists_in` is in. */
  readonly withTarget: <T>(target: string, work: (session: Session) => Promise<T>) => Promise<T>;
  readonly onResult?: (result: QualityResult) => void;
  readonly signal?: AbortSignal;
}

export interface QualityResult {
  readonly name: string;
  readonly file: string;
  readonly description: string;
  readonly kind: QualityKind;
  readonly severity: QualitySeverity;
  /** `broken`: the query itself fails. */
  readonly outcome: 'passed' | 'failed' | 'broken';
  /** How many rows break the rule. */
  readonly failing: number;
  /** The first of them, values as text. */
  readonly rows: readonly Readonly<Record<string, string | null>>[];
  /** What the server says of a query that fails. */
  readonly message: string | undefined;
  readonly durationMs: number;
}

/** @throws USAGE_CANCELLED */
export async function runQualityTests(session: Session, options: QualityOptions): Promise<QualityResult[]> {
  return inSpan('plinth.usage.test', {}, async () => {
    const results: QualityResult[] = [];
    for (const test of options.tests) {
      const result = await cancellable(session, options.signal, 'test usage', () =>
        runOne(session, test, options),
      );
      options.onResult?.(result);
      results.push(result);
    }
    return results;
  });
}

const MOST_ROWS = 20;
/** Values that are looked up in another target in one query. */
const VALUES_AT_ONCE = 10_000;

async function runOne(session: Session, test: QualityTest, options: QualityOptions): Promise<QualityResult> {
  const startedMs = performance.now();
  const { name, file, description, kind, severity } = test;
  const result = (found: Pick<QualityResult, 'outcome' | 'failing' | 'rows' | 'message'>): QualityResult => ({
    name,
    file,
    description,
    kind,
    severity,
    ...found,
    durationMs: performance.now() - startedMs,
  });
  try {
    const found = test.existsIn
      ? await missingValues(session, test, test.existsIn, options)
      : await failingRows(session, test.query);
    return result({ outcome: found.failing === 0 ? 'passed' : 'failed', ...found, message: undefined });
  } catch (error) {
    if (!isPlinthError(error, 'DATABASE_STATEMENT_FAILED') || options.signal?.aborted) {
      throw error;
    }
    return result({ outcome: 'broken', failing: 0, rows: [], message: error.message });
  }
}

type Found = Pick<QualityResult, 'failing' | 'rows'>;

/** In a transaction of its own, so that a query that fails leaves the others alone. */
function readOnly<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return session.transaction(async () => {
    await session.run("set transaction read only; set local statement_timeout = '5min'");
    return work();
  });
}

async function failingRows(session: Session, query: string): Promise<Found> {
  const rows = await readOnly(session, () =>
    session.query<{ row: Record<string, unknown>; failing: bigint }>(
      `select to_jsonb(failing) as row, count(*) over () as failing from (\n${query}\n) as failing limit ${MOST_ROWS}`,
    ),
  );
  return {
    failing: Number(rows[0]?.failing ?? 0),
    rows: rows.map(({ row }) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, textOf(value)])),
    ),
  };
}

function textOf(value: unknown): string | null {
  return value === null ? null : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

async function missingValues(
  session: Session,
  test: QualityTest,
  existsIn: ForeignColumn,
  { withTarget }: QualityOptions,
): Promise<Found> {
  const values = await readOnly(session, () =>
    session.query<{ value: string }>(
      `select distinct v.value::text as value from (\n${test.query}\n) as v (value) where v.value is not null`,
    ),
  );
  const { target, schema, table, column } = existsIn;
  const missing = await withTarget(target, (other) =>
    readOnly(other, async () => {
      const name = qualifiedName(schema, table);
      const [typed] = await other.query<{ type: string }>(
        'select format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = $1::regclass and attname = $2',
        [name, column],
      );
      const found: string[] = [];
      for (let at = 0; at < values.length; at += VALUES_AT_ONCE) {
        const asked = values.slice(at, at + VALUES_AT_ONCE).map(({ value }) => value);
        const rows = await other.query<{ value: string }>(
          `select asked.value from unnest($1::text[]) as asked (value)
            where not exists (select from ${name} as t where t.${quoteIdentifier(column)} = asked.value::${typed?.type ?? 'text'})
            order by asked.value`,
          [asked],
        );
        found.push(...rows.map(({ value }) => value));
      }
      return found;
    }),
  );
  return { failing: missing.length, rows: missing.slice(0, MOST_ROWS).map((value) => ({ [column]: value })) };
}
