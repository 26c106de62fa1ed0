/**
 * Schemas that applied migrations make, kept in the project's `.plinth/cache/expected-schemas`, so that comparing
 * again starts no server. A file's name is the digest of all that the schema depends on: the texts as applied and
 * their order, the server's version, the owner. So a file is never wrong, only no longer asked for; the oldest are
 * removed. Deleting the folder costs the next comparison a second or two.
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isPlinthError, readText, writeFileAtomic } from '../core/index.js';
import { formatModel, parseModel } from '../schema/index.js';
import type { MadeSchema } from './workshop.js';

const MOST_FILES = 50;

/** The schema kept under a key; `undefined` where there is none that can be read. */
export function cachedSchema(folder: string, key: string): MadeSchema | undefined {
  const path = fileOf(folder, key);
  if (!existsSync(path)) {
    return undefined;
  }
  try {
    const { serverVersion, notices, model } = JSON.parse(readText(path)) as MadeSchema;
    return { serverVersion, notices, model: parseModel(JSON.stringify(model), path) };
  } catch (error) {
    if (error instanceof SyntaxError || isPlinthError(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Keeps a schema under a key. What cannot be kept is made again the next time. */
export function keepSchema(folder: string, key: string, { serverVersion, notices, model }: MadeSchema): void {
  const head = JSON.stringify({ serverVersion, notices });
  try {
    writeFileAtomic(fileOf(folder, key), `${head.slice(0, -1)},"model":${formatModel(model)}}`);
    removeOldest(folder);
  } catch (error) {
    if (!isPlinthError(error)) {
      throw error;
    }
  }
}

function fileOf(folder: string, key: string): string {
  return join(folder, `${key}.json`);
}

function removeOldest(folder: string): void {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name));
  if (files.length > MOST_FILES) {
    const byAge = files.map((path) => ({ path, at: statSync(path).mtimeMs })).sort((a, b) => b.at - a.at);
    for (const { path } of byAge.slice(MOST_FILES)) {
      rmSync(path, { force: true });
    }
  }
}
