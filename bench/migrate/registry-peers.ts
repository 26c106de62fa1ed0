/** Migration tools from the package registry, installed into a folder of the benchmark's own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, run } from './processes.js';
import type { Place, Tool } from './tool.js';

/** pg is what two of them connect with. */
const PACKAGES = ['dbmate@2', 'node-pg-migrate@9', 'postgrator-cli@9', 'pg@8'];

/** Installs them. @throws Error when the registry cannot be reached */
export async function registryPeers(folder: string): Promise<readonly Tool[]> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await run({ program: 'npm', args: ['install', '--no-audit', '--no-fund', ...PACKAGES], folder });
  const programs = join(folder, 'node_modules/.bin');
  return [dbmate(programs), nodePgMigrate(programs), postgrator(programs)];
}

/** Its `rollback` takes one migration back: a thousand would be a thousand processes. */
function dbmate(programs: string): Tool {
  const call = ({ url, folder }: Place, ...args: readonly string[]): Command => ({
    program: join(programs, 'dbmate'),
    args: ['--url', url, '--migrations-dir', folder, '--no-dump-schema', ...args],
  });
  return {
    name: 'dbmate',
    form: 'dbmate',
    up: (place) => call(place, 'migrate'),
    status: (place) => call(place, 'status'),
  };
}

function nodePgMigrate(programs: string): Tool {
  const call = ({ url, folder }: Place, ...args: readonly string[]): Command => ({
    program: join(programs, 'node-pg-migrate'),
    args: [...args, '--migrations-dir', folder, '--no-verbose'],
    environment: { DATABASE_URL: url },
  });
  return {
    name: 'node-pg-migrate',
    form: 'node-pg-migrate',
    up: (place) => call(place, 'up'),
    down: (place) => call(place, 'down', String(place.count)),
    status: (place) => call(place, 'up', '--dry-run'),
  };
}

function postgrator(programs: string): Tool {
  const call = ({ url, folder }: Place, to: string): Command => {
    const { hostname, port, username, password, pathname } = new URL(url);
    const where = ['--host', hostname, '--port', port, '--username', username, '--password', password];
    return {
      program: join(programs, 'postgrator'),
      args: [to, '--no-config', '--driver', 'pg', ...where, '--database', pathname.slice(1)].concat(
        '--migration-pattern',
        `${folder}/*.sql`,
      ),
    };
  };
  return {
    name: 'postgrator',
    form: 'postgrator',
    up: (place) => call(place, 'max'),
    down: (place) => call(place, '0'),
  };
}
