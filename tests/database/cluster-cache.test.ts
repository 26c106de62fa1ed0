/** Copies of new clusters in the user's cache, from which servers that are thrown away start. */
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cachedCluster } from '../../src/database/embedded/cluster-cache.js';
import { openDatabase, openScratch, startEmbedded, withSession } from '../../src/database/index.js';
import { plinth } from '../support/command-line.js';
import { compileProgram } from '../support/compiled-program.js';
import { temporaryProjects } from '../support/projects.js';
import { makeClusterFolder } from '../support/temporary-folder.js';

const newProject = temporaryProjects();
const program = compileProgram('tests/database/programs/cluster-cache.ts');
const scratch = compileProgram('tests/database/programs/scratch.ts');

const BINARIES = { major: 18, version: '18.0', folder: '/programs' };
const HOUR_MS = 3_600_000;
const isRoot = process.getuid?.() === 0;
const NOBODY = 65534;

let home: string;
let clusters: string;

beforeEach(() => {
  home = makeClusterFolder('plinth-test-cache-');
  clusters = join(home, 'plinth/clusters');
  vi.stubEnv('XDG_CACHE_HOME', home);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

function names(): readonly string[] {
  return existsSync(clusters) ? readdirSync(clusters).sort() : [];
}

/** The one copy that there is. */
function copy(): string {
  expect(names()).toHaveLength(1);
  return join(clusters, names()[0]!);
}

/** A folder that looks like a cluster's. */
function dataFolder(files = 3): string {
  const folder = join(home, 'data');
  mkdirSync(join(folder, 'base/1'), { recursive: true });
  mkdirSync(join(folder, 'pg_notify'));
  for (let file = 0; file < files; file++) {
    writeFileSync(join(folder, 'base/1', String(file)), 'page');
  }
  writeFileSync(join(folder, 'PG_VERSION'), '18\n');
  return folder;
}

/** What a take gives, and what it leaves where the data was to be. */
function take(cached = cachedCluster(BINARIES, ['made'])) {
  const taken = join(home, 'taken');
  const password = cached.take(taken);
  const files = existsSync(taken) ? (readdirSync(taken, { recursive: true }) as string[]).sort() : undefined;
  rmSync(taken, { recursive: true, force: true });
  return { password, files };
}

const NOTHING = { password: undefined, files: undefined };

/** The number that initdb gave the cluster of a throwaway server, and its tables. */
async function clusterOf(): Promise<{ readonly id: string; readonly tables: number }> {
  const server = await openScratch();
  try {
    const { database } = await server.createDatabase();
    return await withSession(database, async (session) => {
      const [row] = await session.query<{ id: string; tables: number }>(
        `select (select system_identifier::text from pg_control_system()) as id,
                (select count(*)::int from pg_stat_user_tables) as tables`,
      );
      await session.run('create table used (id int)');
      return row!;
    });
  } finally {
    await server.close();
  }
}

describe('the copy of a new cluster', () => {
  it('is made at the first use and used by those after it, as it was when it was new', async () => {
    const first = await clusterOf();
    const made = copy();
    const second = await clusterOf();
    expect(copy()).toBe(made);
    expect(second).toEqual({ id: first.id, tables: 0 });
  });

  it('is not used for a cluster that stays', async () => {
    const { id } = await clusterOf();
    const { url } = await startEmbedded({ projectDir: newProject() });
    const [row] = await withSession(openDatabase(url), (session) =>
      session.query<{ id: string }>('select system_identifier::text as id from pg_control_system()'),
    );
    expect(row!.id).not.toBe(id);
    expect(names()).toHaveLength(1);
  });

  it('serves plinth prove', { timeout: 120_000 }, async () => {
    const folder = newProject();
    mkdirSync(join(folder, 'm'));
    writeFileSync(
      join(folder, 'plinth.yaml'),
      'version: 1\nproject: p\ntargets:\n  main: { migrations: m }\n',
    );
    writeFileSync(join(folder, 'm/1_a.up.sql'), 'create table a (id int primary key);');
    writeFileSync(join(folder, 'm/1_a.down.sql'), 'drop table a;');
    const prove = () => plinth(['prove'], { cwd: folder, env: { XDG_CACHE_HOME: home } });
    expect((await prove()).code).toBe(0);
    const made = names();
    expect(made).toEqual([expect.stringMatching(/^18-[0-9a-f]{16}$/)]);
    expect((await prove()).code).toBe(0);
    expect(names()).toEqual(made);
  });

  it('is of one version, of one installation, and of one way of making it', () => {
    cachedCluster(BINARIES, ['made']).keep(dataFolder(), 'secret');
    expect(take().password).toBe('secret');
    for (const other of [
      cachedCluster({ ...BINARIES, major: 17 }, ['made']),
      cachedCluster({ ...BINARIES, version: '18.1' }, ['made']),
      cachedCluster({ ...BINARIES, folder: '/other' }, ['made']),
      cachedCluster(BINARIES, ['made', 'otherwise']),
    ]) {
      expect(take(other)).toEqual(NOTHING);
    }
    expect(take().password).toBe('secret');
  });

  it('is not there before it is whole, where the process that makes it is killed', async () => {
    const dataDir = dataFolder(3000);
    const running = program(['keep', dataDir]);
    const deadline = Date.now() + 20_000;
    while (
      !names().some((name) => existsSync(join(clusters, name, 'data/base/1'))) &&
      Date.now() < deadline
    ) {
      await sleep(1);
    }
    running.process.kill('SIGKILL');
    await running.output;
    const left = names();
    expect(left).toEqual([expect.stringMatching(/^new-/)]);
    expect(take()).toEqual(NOTHING);
    cachedCluster(BINARIES, ['made']).keep(dataDir, 'secret');
    expect(take().files).toHaveLength(3004);
    // It could be another's that is at work; after an hour it is not.
    expect(names()).toContain(left[0]);
    const old = new Date(Date.now() - 2 * HOUR_MS);
    utimesSync(join(clusters, left[0]!), old, old);
    cachedCluster(BINARIES, ['otherwise']).keep(dataDir, 'secret');
    expect(names().filter((name) => name.startsWith('new-'))).toEqual([]);
  });

  it.each<readonly [string, (copy: string) => void]>([
    ['a file is gone', (folder) => rmSync(join(folder, 'data/base/1/0'))],
    ['a file is empty', (folder) => truncateSync(join(folder, 'data/base/1/0'))],
    ['an empty folder is gone', (folder) => rmdirSync(join(folder, 'data/pg_notify'))],
    ['there is a file more', (folder) => writeFileSync(join(folder, 'data/postmaster.pid'), '1')],
    ['the data are gone', (folder) => rmSync(join(folder, 'data'), { recursive: true })],
    ['nothing describes it', (folder) => rmSync(join(folder, 'cluster.json'))],
    ['its description is cut off', (folder) => truncateSync(join(folder, 'cluster.json'), 9)],
  ])('is made anew where %s', (_title, damage) => {
    const cached = cachedCluster(BINARIES, ['made']);
    cached.keep(dataFolder(), 'secret');
    const whole = take();
    damage(copy());
    expect(take()).toEqual(NOTHING);
    expect(names()).toEqual([]);
    cached.keep(join(home, 'data'), 'another');
    expect(take()).toEqual({ ...whole, password: 'another' });
  });

  it('starts no server that lacks a file', async () => {
    const { id } = await clusterOf();
    truncateSync(join(copy(), 'data/global/pg_control'), 10);
    const second = await clusterOf();
    expect(second.id).not.toBe(id);
    expect(await clusterOf()).toEqual(second);
  });

  it('is made by several at once, none of which disturbs another', { timeout: 120_000 }, async () => {
    const all = [1, 2, 3].map(() => scratch(['exit']).output);
    for (const output of await Promise.all(all)) {
      expect(JSON.parse(output).url).toMatch(/^postgresql:/);
    }
    copy();
  });

  it('is taken whole or not at all while another removes it and makes it again', async () => {
    const dataDir = dataFolder(300);
    const cached = cachedCluster(BINARIES, ['made']);
    cached.keep(dataDir, 'secret');
    const readers = [1, 2].map(() => program(['take', dataDir]));
    const isReading = readers.map(({ process }) => once(process.stdout!, 'data'));
    const outputs = Promise.all(readers.map(({ output }) => output));
    await Promise.all(isReading);
    for (let round = 0; round < 20; round++) {
      for (const name of names().filter((found) => !found.startsWith('new-'))) {
        rmSync(join(clusters, name), { recursive: true, force: true, maxRetries: 5 });
      }
      await sleep(round % 7);
      cached.keep(dataDir, 'secret');
      await sleep(10 * round);
    }
    writeFileSync(`${dataDir}-done`, '');
    const counts = (await outputs).map((output) => JSON.parse(output.slice(1)));
    expect(counts.map(({ torn }) => torn)).toEqual([0, 0]);
    expect(counts[0].whole + counts[1].whole).toBeGreaterThan(0);
  });
});

describe('copies of new clusters', () => {
  /** Copies that were used so many hours ago, made in the order of their names. */
  function copies(idleHours: readonly number[]): void {
    const dataDir = dataFolder();
    cachedCluster(BINARIES, ['pattern']).keep(dataDir, 'secret');
    const pattern = copy();
    for (const [index, hours] of idleHours.entries()) {
      const name = join(clusters, `17-${String(index).padStart(16, '0')}`);
      cpSync(pattern, name, { recursive: true });
      const used = new Date(Date.now() - hours * HOUR_MS);
      utimesSync(name, used, used);
    }
    rmSync(pattern, { recursive: true });
  }

  it('are at most sixteen: those that were used longest ago go', () => {
    copies(Array.from({ length: 20 }, (_, index) => index + 1));
    cachedCluster(BINARIES, ['made']).keep(join(home, 'data'), 'secret');
    expect(names()).toHaveLength(16);
    expect(names().slice(0, 15)).toEqual(
      Array.from({ length: 15 }, (_, index) => `17-${String(index).padStart(16, '0')}`),
    );
    expect(take().password).toBe('secret');
  });

  it('stay as long as they are used', () => {
    const cached = cachedCluster(BINARIES, ['made']);
    const dataDir = dataFolder();
    cached.keep(dataDir, 'secret');
    const old = new Date(Date.now() - 24 * 31 * HOUR_MS);
    utimesSync(copy(), old, old);
    expect(take(cached).password).toBe('secret');
    cachedCluster(BINARIES, ['other']).keep(dataDir, 'secret');
    expect(take(cached).password).toBe('secret');
  });

  it('go when nobody has used them for thirty days, and nothing else in the folder does', () => {
    copies([1, 24 * 29, 24 * 31]);
    mkdirSync(join(clusters, 'somebody'));
    writeFileSync(join(clusters, 'notes.txt'), '');
    const old = new Date(0);
    utimesSync(join(clusters, 'somebody'), old, old);
    cachedCluster(BINARIES, ['made']).keep(join(home, 'data'), 'secret');
    expect(names().filter((name) => name.startsWith('17-'))).toEqual([
      '17-0000000000000000',
      '17-0000000000000001',
    ]);
    expect(names()).toEqual(expect.arrayContaining(['somebody', 'notes.txt']));
  });
});

describe('without a cache', () => {
  it.each<readonly [string, () => void]>([
    ['where the cache is no folder', () => vi.stubEnv('XDG_CACHE_HOME', join(home, 'data/PG_VERSION'))],
    [
      'where there is no home',
      () => {
        vi.stubEnv('XDG_CACHE_HOME', '');
        vi.stubEnv('HOME', join(home, 'nowhere'));
      },
    ],
    [
      'where the home is named by its place relative to another',
      () => {
        vi.stubEnv('XDG_CACHE_HOME', 'cache');
        vi.stubEnv('HOME', 'home');
      },
    ],
  ])('nothing is kept and nothing fails %s', (_title, set) => {
    const dataDir = dataFolder();
    set();
    const cached = cachedCluster(BINARIES, ['made']);
    cached.keep(dataDir, 'secret');
    expect(take(cached)).toEqual(NOTHING);
    expect(readdirSync(home)).toEqual(['data']);
    expect(existsSync('cache') || existsSync('home')).toBe(false);
  });

  it('a server starts all the same', async () => {
    writeFileSync(join(home, 'file'), '');
    vi.stubEnv('XDG_CACHE_HOME', join(home, 'file'));
    expect((await clusterOf()).tables).toBe(0);
  });

  it('what others can write to is not used, and left as it is', () => {
    const cached = cachedCluster(BINARIES, ['made']);
    cached.keep(dataFolder(), 'secret');
    chmodSync(copy(), 0o777);
    expect(take(cached)).toEqual(NOTHING);
    expect(names()).toHaveLength(1);
    chmodSync(copy(), 0o700);
    expect(take(cached).password).toBe('secret');
  });

  it.skipIf(!isRoot)(
    'what another has made is not used (skipped for other users: only root can make it)',
    () => {
      const cached = cachedCluster(BINARIES, ['made']);
      cached.keep(dataFolder(), 'secret');
      chownSync(copy(), NOBODY, NOBODY);
      expect(take(cached)).toEqual(NOTHING);
      expect(names()).toHaveLength(1);
    },
  );

  it.skipIf(!isRoot)(
    'a folder that may not be written to stays empty (skipped for other users)',
    async () => {
      mkdirSync(clusters, { recursive: true });
      const dataDir = dataFolder();
      await program(['keep', dataDir], { uid: NOBODY }).output;
      expect(names()).toEqual([]);
    },
  );
});
