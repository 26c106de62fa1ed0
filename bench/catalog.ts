/**
 * Reading a large schema: time and memory of a process that reads it into a model, beside `pg_dump --schema-only` of
 * the same database; then the fingerprint and the diff. Each table has ten columns, an identity, a primary key, a
 * foreign key, a check, an index and comments.
 *
 *   npm run bench -- catalog [--tables 10000] [--runs 5] [--folder /tmp] [--url postgresql://…]
 *
 * A cluster of its own is started and removed; with --url, a database is made on that server and dropped. pg_dump is
 * that of the server's major version; where there is none, Plinth is measured alone.
 */
import { createLargeSchema, dropLargeSchema, type LargeSchema } from './catalog/large-schema.js';
import { type CatalogBenchOptions, readOptions } from './catalog/options.js';
import { dumpProgram, type ReaderFigures, runDump, runReader } from './catalog/processes.js';
import { count } from './telling/progress-line.js';

export const summary = 'reading 10,000 tables into a model: time and memory, beside pg_dump';

const MOST_SECONDS = 5;
const MOST_MEGABYTES = 500;

export default async function catalog(argv: readonly string[]): Promise<void> {
  const options = readOptions(argv);
  const schema = await createLargeSchema(options);
  try {
    console.log(`${count(options.tables)} tables, ${count(options.tables * 10)} columns on ${schema.server}`);
    const failures = await measure(schema, options);
    console.log(failures.length === 0 ? 'All within bounds.' : `Out of bounds: ${failures.join('; ')}.`);
    process.exitCode = failures.length === 0 ? 0 : 1;
  } finally {
    await dropLargeSchema(schema);
  }
}

async function measure(schema: LargeSchema, { runs }: CatalogBenchOptions): Promise<string[]> {
  const program = dumpProgram(schema.major);
  const dumps: number[] = [];
  const reads: ReaderFigures[] = [];
  // In turn, so that whatever else the machine does falls on both.
  for (let run = 0; run < runs; run += 1) {
    reads.push(await runReader(schema.url));
    if (program) {
      dumps.push(await runDump(program, schema.url));
    }
  }
  const seconds = median(reads.map((read) => read.seconds));
  const megabytes = median(reads.map((read) => read.megabytes));
  const dumpSeconds = program && median(dumps);
  tell('read', `${seconds.toFixed(2)} s (at most ${MOST_SECONDS} wanted)`);
  tell('memory', `${count(megabytes)} MB (at most ${MOST_MEGABYTES} wanted)`);
  tell('fingerprint', `${median(reads.map((read) => read.fingerprintSeconds)).toFixed(2)} s`);
  tell('diff', `${median(reads.map((read) => read.diffSeconds)).toFixed(2)} s`);
  tell('pg_dump', dumpSeconds ? `${dumpSeconds.toFixed(2)} s` : `there is none of version ${schema.major}`);
  const ratio = dumpSeconds ? seconds / dumpSeconds : 0;
  tell('ratio', dumpSeconds ? `${ratio.toFixed(2)} (at most 1 wanted)` : '');
  return [
    ...(seconds > MOST_SECONDS ? [`reading takes ${seconds.toFixed(1)} s`] : []),
    ...(megabytes > MOST_MEGABYTES ? [`reading takes ${count(megabytes)} MB`] : []),
    ...(ratio > 1 ? [`reading takes ${ratio.toFixed(2)} of pg_dump's time`] : []),
  ];
}

function tell(what: string, figure: string): void {
  console.log(`${what.padEnd(14)}${figure}`);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
