/**
 * A database whose messages of several migrations are cut inside: at boundary number `boundary`, counted over the
 * statements of all such messages of a run, another statement is put in between.
 */
import type { Database, Session } from '../../../src/database/index.js';

export interface MessageCut {
  readonly boundary: number;
  /** What the server does there. */
  readonly statement: string;
}

export interface MessageCuttingDatabase {
  readonly database: Database;
  /** How many boundaries there were. */
  boundaries(): number;
}

/** What stands between two statements of a message. */
const SEPARATOR = '\n;\n';

export function messageCuttingDatabase(
  database: Database,
  cut: MessageCut | undefined,
): MessageCuttingDatabase {
  let passed = 0;
  const cutMessage = (sql: string): string => {
    if (!sql.includes('execute plinth_record_')) {
      return sql;
    }
    const statements = sql.split(SEPARATOR);
    const within = (cut?.boundary ?? 0) - passed - 1;
    passed += statements.length + 1;
    if (cut && within >= 0 && within <= statements.length) {
      statements.splice(within, 0, cut.statement);
    }
    return statements.join(SEPARATOR);
  };
  return {
    boundaries: () => passed,
    database: {
      ...database,
      connect: async (options) => {
        const session = await database.connect(options);
        return new Proxy<Session>(session, {
          get(target, name) {
            if (name === 'run') {
              return ((sql, onStatement) => target.run(cutMessage(sql), onStatement)) as Session['run'];
            }
            const value: unknown = Reflect.get(target, name);
            return typeof value === 'function' ? value.bind(target) : value;
          },
        });
      },
    },
  };
}
