/** The ways in which a run is cut. */
import type { Session } from '../../../src/database/index.js';
import type { Cut } from './cutting-database.js';
import type { TcpProxy } from './tcp-proxy.js';

export interface Strike extends Omit<Cut, 'call'> {
  readonly name: string;
}

/** What a run goes through: a proxy in its way, and another session that can end its server process. */
export interface Surroundings {
  readonly proxy: TcpProxy;
  readonly admin: Session;
}

/** Every way to cut a call without stopping the server. */
export function strikesIn({ proxy, admin }: Surroundings): readonly Strike[] {
  const terminate = async ({ server }: Session): Promise<void> => {
    await admin.query('select pg_terminate_backend($1, 10000)', [server.processId]);
  };
  return [
    { name: 'backend terminated before the call', phase: 'before', strike: terminate, endsClient: false },
    { name: 'client gone after the call', phase: 'after', strike: proxy.dropAll, endsClient: true },
    {
      name: 'connection dropped in the request',
      phase: 'before',
      strike: proxy.cutNextRequest,
      endsClient: false,
    },
    {
      name: 'connection dropped in the answer',
      phase: 'before',
      strike: proxy.cutNextAnswer,
      endsClient: false,
    },
    { name: 'client gone before the call', phase: 'before', strike: proxy.dropAll, endsClient: true },
    { name: 'backend terminated after the call', phase: 'after', strike: terminate, endsClient: false },
  ];
}
