/** Makes and drops databases on one server, over one session of it. */
import { withDatabaseName } from '../connection-url.js';
import { openDatabase } from '../open.js';
import type { Session } from '../session.js';
import type { ScratchDatabase } from './scratch-server.js';

export interface DatabaseMaker {
  create(template?: ScratchDatabase): Promise<ScratchDatabase>;
  /** Drops what was made and is there still. */
  dropAll(): Promise<void>;
}

/** @param prefix what the names of the databases start with: lower-case letters, digits and underscores */
export function databaseMaker(session: Session, url: string, prefix: string): DatabaseMaker {
  const made = new Set<string>();
  let counter = 0;
  const drop = async (name: string): Promise<void> => {
    if (made.delete(name)) {
      await session.run(`drop database if exists ${name} with (force)`);
    }
  };
  return {
    async create(template) {
      counter += 1;
      const name = `${prefix}${counter}`;
      await session.run(`create database ${name} template ${template?.name ?? 'template0'}`);
      made.add(name);
      return { name, database: openDatabase(withDatabaseName(url, name)), drop: () => drop(name) };
    },
    async dropAll() {
      for (const name of [...made]) {
        await drop(name);
      }
    },
  };
}
