/**
 * The rate to compare with: the seed's own rows, written to files beforehand, streamed into the same tables with
 * all their indexes and constraints by nothing but COPY, one statement a table. So that the files of ten million
 * organizations need not lie on the disk beside their tables, they are written and copied a step at a time; the
 * writing is not counted.
 */
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openDatabase, type Session, withSession } from '../../src/database/index.js';
import { seededOrganization } from '../../src/seed/index.js';
import type { SeedTable } from '../../src/seed/seed-table.js';
import { CATALOGUE_TABLES, ORGANIZATION_TABLES } from '../../src/seed/tables.js';
import { progressLine } from '../telling/progress-line.js';
import type { LoadRate } from './load-rate.js';

const SEED = 1;
const STEP_ORGANIZATIONS = 100_000;
const CHUNK_BYTES = 64 * 1024;

export interface BareCopyOptions {
  readonly url: string;
  readonly folder: string;
  readonly organizations: number;
  readonly signal: AbortSignal;
}

export async function measureBareCopy(options: BareCopyOptions): Promise<LoadRate> {
  const progress = progressLine('bare COPY', options.organizations, 'organizations');
  let rows = 0;
  let seconds = 0;
  await withSession(openDatabase(options.url), async (session) => {
    for (const table of CATALOGUE_TABLES) {
      await session.copyIn(copySql(table), table.lines());
    }
    for (let first = 0; first < options.organizations; first += STEP_ORGANIZATIONS) {
      const end = Math.min(first + STEP_ORGANIZATIONS, options.organizations);
      const files = await writeFiles(options, first, end);
      const startedMs = performance.now();
      rows += await copyFiles(session, files);
      seconds += (performance.now() - startedMs) / 1000;
      for (const { path } of files) {
        rmSync(path);
      }
      progress.update(end);
    }
  });
  progress.end();
  return { rows, seconds };
}

interface TableFile {
  readonly table: SeedTable;
  readonly path: string;
}

async function writeFiles(options: BareCopyOptions, first: number, end: number): Promise<TableFile[]> {
  const files = ORGANIZATION_TABLES.map((table) => ({
    table,
    path: join(options.folder, `${table.name}.copy`),
  }));
  for (const { table, path } of files) {
    options.signal.throwIfAborted();
    await pipeline(Readable.from(chunks(table, first, end)), createWriteStream(path), {
      signal: options.signal,
    });
  }
  return files;
}

function* chunks(table: SeedTable, first: number, end: number): Generator<Buffer> {
  let text = '';
  for (let index = first; index < end; index += 1) {
    text += table.lines(seededOrganization(SEED, index)).join('');
    if (text.length >= CHUNK_BYTES) {
      yield Buffer.from(text);
      text = '';
    }
  }
  yield Buffer.from(text);
}

async function copyFiles(session: Session, files: readonly TableFile[]): Promise<number> {
  let rows = 0;
  for (const { table, path } of files) {
    rows += await session.copyIn(copySql(table), createReadStream(path, { highWaterMark: CHUNK_BYTES }));
  }
  return rows;
}

function copySql(table: Pick<SeedTable, 'name' | 'columns'>): string {
  return `copy ${table.name} (${table.columns.join(', ')}) from stdin`;
}
