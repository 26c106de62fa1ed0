/** Makes and drops databases on one server, over one session of it. */
import { withDatabaseName } from '../connection-url.js';
import { openDatabase } from '../open.js';
import type { Session } from '../session.js';
import type { RoleSets } from './role-sets.js';
import type { ScratchDatabase } from './scratch-server.js';

export interface DatabaseMaker {
  create(template?: ScratchDatabase): Promise<ScratchDatabase>;
  /** Work goes on on the database. */
  use(database: ScratchDatabase): Promise<void>;
  /** Drops what was made and is there still. */
  dropAll(): Promise<void>;
}

/**
 * @param prefix what the names of the databases start with: lower-case letters, digits and underscores
 * @param roles where the whole server is ours
 */
export function databaseMaker(
  session: Session,
  url: string,
  prefix: string,
  roles?: RoleSets,
): DatabaseMaker {
  const made = new Set<string>();
  let counter = 0;
  const drop = async (name: string): Promise<void> => {
    if (made.delete(name)) {
      await session.run(`drop database if exists ${name} with (force)`);
      await roles?.end(name);
    }
  };
  return {
    async create(template) {
      counter += 1;
      const name = `${prefix}${counter}`;
      await session.run(`create database ${name} template ${template?.name ?? 'template0'}`);
      made.add(name);
      await roles?.begin(name, template?.name);
      return { name, database: openDatabase(withDatabaseName(url, name)), drop: () => drop(name) };
    },
    async use({ name }) {
      await roles?.switchTo(name);
    },
    async dropAll() {
      for (const name of [...made]) {
        await drop(name);
      }
    },
  };
}
