/** psql running the same files: in one session, and in a process for each. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from './processes.js';
import type { Place, Tool } from './tool.js';

export const oneSession: Tool = {
  name: 'psql, one session',
  form: 'pairs',
  up: (place) => psql(place, 'up'),
  down: (place) => psql(place, 'down'),
};

export const processEach: Tool = {
  name: 'psql, a process a file',
  form: 'pairs',
  up: shell,
};

const QUIET = ['--no-psqlrc', '--quiet', '--set', 'ON_ERROR_STOP=1'];

function psql(place: Place, direction: 'up' | 'down'): Command {
  const list = join(place.folder, '..', `psql-${direction}.sql`);
  writeFileSync(
    list,
    filesOf(place, direction)
      .map((file) => `\\i ${file}\n`)
      .join(''),
  );
  return { program: 'psql', args: [...QUIET, '--file', list, place.url] };
}

function shell(place: Place): Command {
  const list = join(place.folder, '..', 'psql-each.sh');
  const lines = filesOf(place, 'up').map((file) => `psql ${QUIET.join(' ')} --file ${file} "$1"\n`);
  writeFileSync(list, `set -e\n${lines.join('')}`);
  return { program: 'sh', args: [list, place.url] };
}

function filesOf({ folder }: Place, direction: 'up' | 'down'): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(`.${direction}.sql`));
  const rising = files.sort().map((file) => join(folder, file));
  return direction === 'up' ? rising : rising.reverse();
}
