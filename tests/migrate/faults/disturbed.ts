/** One case on one database, with everything that is needed to disturb a run of it. */
import { type Database, openDatabase, type Session } from '../../../src/database/index.js';
import { createTestDatabase } from '../../support/database.js';
import { cuttingDatabase } from './cutting-database.js';
import { type Direction, type FaultCase, migrate, prepareDatabase, stateOf } from './fault-case.js';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

export interface Disturbed {
  readonly faultCase: FaultCase;
  readonly direction: Direction;
  /** The database, reached directly. */
  readonly database: Database;
  readonly url: string;
  /** The same database, reached through the proxy. */
  readonly proxied: () => Database;
  readonly proxy: TcpProxy;
  /** A session that stands beside the run. */
  readonly admin: Session;
  /** What an undisturbed run leaves. */
  readonly wanted: string;
  /** How many calls an undisturbed run makes. */
  readonly calls: number;
  /** Makes the database what the run begins with. */
  begin(): Promise<void>;
}

/** Prepares the case, runs it once undisturbed, hands it to `work`, and removes the database. */
export async function withDisturbed(
  faultCase: FaultCase,
  direction: Direction,
  work: (disturbed: Disturbed) => Promise<void>,
): Promise<void> {
  const test = await createTestDatabase();
  const { hostname, port } = new URL(test.url);
  const proxy = await startTcpProxy(hostname, Number(port));
  const admin = await test.database.connect();
  const begin = async (): Promise<void> => {
    await prepareDatabase(admin, faultCase);
    if (direction === 'down') {
      await migrate(test.database, faultCase, 'up');
    }
  };
  try {
    await begin();
    const undisturbed = cuttingDatabase(test.database, undefined);
    await migrate(undisturbed.database, faultCase, direction);
    await work({
      faultCase,
      direction,
      database: test.database,
      url: test.url,
      proxied: () => openDatabase(throughPort(test.url, proxy.port)),
      proxy,
      admin,
      wanted: await stateOf(test.database),
      calls: undisturbed.sent.length,
      begin,
    });
  } finally {
    await admin.close();
    await proxy.close();
    await test.drop();
  }
}

function throughPort(url: string, port: number): string {
  const proxied = new URL(url);
  proxied.hostname = '127.0.0.1';
  proxied.port = String(port);
  return proxied.href;
}
