import { DATABASE_ERRORS } from './errors.js';
import { postgresDatabase } from './postgres.js';
import type { Database } from './session.js';

/** Every engine, by the scheme of its connection strings. A new engine is one file and one line here. */
const ENGINES: Readonly<Record<string, (url: string) => Database>> = {
  'postgresql:': postgresDatabase,
  'postgres:': postgresDatabase,
};

/** Opens a database by its connection string; nothing is connected yet. @throws DATABASE_URL_INVALID */
export function openDatabase(url: string): Database {
  const scheme = /^[a-z0-9+]+:/i.exec(url)?.[0].toLowerCase() ?? '';
  const engine = ENGINES[scheme];
  if (!engine) {
    const wanted = Object.keys(ENGINES).map((name) => `${name}//…`);
    throw DATABASE_ERRORS.URL_INVALID({
      message: `Cannot open a database: its connection string has no known scheme (${wanted.join(' or ')} was wanted)`,
    });
  }
  return engine(url);
}
