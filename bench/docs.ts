/**
 * Documenting a large schema: whole processes that read a database of 300 tables and write everything that
 * `plinth docs build` writes (dictionary, a page a table, diagrams in all formats, the static site), first into an empty
 * folder and then over the same documents, and that draw one of 100 tables as SVG. The tables look like those of a service: several parts, a tenant that most refer to, comments.
 *
 *   npm run bench -- docs [--tables 300] [--runs 3] [--folder /tmp]
 *
 * A cluster of its own is started and removed. Beside the time that passes stand the seconds of processor that it
 * takes, which other work on the machine changes less.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions } from './catalog/options.js';
import { type BenchProject, type DocsFigures, runOnce } from './docs/run-once.js';
import { createService } from './docs/service-schema.js';
import { type BenchServer, emptyDatabase, startServer } from './migrate/server.js';

export const summary = 'documenting 300 tables, and drawing 100: time, processor and memory';

const MOST_SECONDS = 5;
const MOST_DRAWING_SECONDS = 3;
const TABLES = 300;
const DRAWN_TABLES = 100;

export default async function docs(argv: readonly string[]): Promise<void> {
  const { folder, runs, tables } = readOptions(argv, { tables: TABLES, runs: 3 });
  const server = await startServer({ folder, fsync: false });
  try {
    console.log(server.description);
    const large = await project(server, 'plinth_bench_docs', tables);
    const small = await project(server, 'plinth_bench_drawing', DRAWN_TABLES);
    const builds: DocsFigures[] = [];
    const repeated: DocsFigures[] = [];
    const drawings: DocsFigures[] = [];
    for (let run = 0; run < runs; run += 1) {
      builds.push(await runOnce('build', large));
      repeated.push(await runOnce('again', large));
      drawings.push(await runOnce('draw', small));
    }
    const failures = [
      ...tell(`documents of ${tables} tables`, builds, MOST_SECONDS),
      ...tell('the same once more', repeated, MOST_SECONDS),
      ...tell(`SVG of ${DRAWN_TABLES} tables`, drawings, MOST_DRAWING_SECONDS),
    ];
    console.log(failures.length === 0 ? 'All within bounds.' : `Out of bounds: ${failures.join('; ')}.`);
    process.exitCode = failures.length === 0 ? 0 : 1;
  } finally {
    await server.close();
  }
}

/** A project whose only target is a database with that many tables. */
async function project(server: BenchServer, name: string, tables: number): Promise<BenchProject> {
  const url = await emptyDatabase(server, name);
  await createService(url, tables);
  const folder = join(server.folder, name);
  writeFileSync(
    `${folder}.yaml`,
    `version: 1\nproject: service\ntargets:\n  main:\n    migrations: migrations\ndocs:\n  folder: ${name}/docs\n  site: ${name}/docs/site\n`,
  );
  return { config: `${folder}.yaml`, url };
}

function tell(what: string, figures: readonly DocsFigures[], most: number): string[] {
  const middle = (pick: (figure: DocsFigures) => number) =>
    [...figures].map(pick).sort((a, b) => a - b)[Math.floor(figures.length / 2)]!;
  const seconds = middle((figure) => figure.seconds);
  console.log(
    `${what.padEnd(28)}${seconds.toFixed(2)} s (at most ${most} wanted), processor ${middle((figure) => figure.processorSeconds).toFixed(2)} s, memory ${Math.round(middle((figure) => figure.megabytes))} MB, ${middle((figure) => figure.files)} files, ${(middle((figure) => figure.bytes) / 1e6).toFixed(1)} MB`,
  );
  return seconds > most ? [`${what} takes ${seconds.toFixed(1)} s`] : [];
}
