/** The program that is measured: builds the documents of the project it is given, anew or again, or draws its tables. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open } from '../../src/project/index.js';
import type { DocsReport } from './run-once.js';

/** proc(5): behind the name in parentheses, the 14th and 15th fields are the times of ended children, in ticks. */
const STATUS = '/proc/self/stat';
const TICKS_PER_SECOND = 100;

const [, , work, config, url] = process.argv as [string, string, string, string, string];
const plinth = await open({ config, url });
const written = work === 'draw' ? await draw() : await build();
const report: DocsReport = {
  processorSeconds: processorSeconds(),
  megabytes: process.resourceUsage().maxRSS / 1024,
  ...written,
};
console.log(JSON.stringify(report));

async function build(): Promise<Pick<DocsReport, 'files' | 'bytes'>> {
  const folder = config.replace(/\.yaml$/, '/docs');
  if (work === 'build') {
    rmSync(folder, { recursive: true, force: true });
  }
  const { documents } = await plinth.docs.build();
  const sizes = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => statSync(join(folder, path)))
    .map((stats) => (stats.isFile() ? stats.size : 0));
  return { files: documents, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

async function draw(): Promise<Pick<DocsReport, 'files' | 'bytes'>> {
  const { content } = await plinth.erd({ as: 'svg' });
  return { files: 1, bytes: content.length };
}

/** Of this process and, where the system tells it, of those that it has started and that have ended. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  const own = (user + system) / 1e6;
  if (!existsSync(STATUS)) {
    return own;
  }
  const [, fields] = /\) (.*)/.exec(readFileSync(STATUS, 'utf8'))!;
  const [childUser, childSystem] = fields!.split(' ').slice(13, 15).map(Number) as [number, number];
  return own + (childUser + childSystem) / TICKS_PER_SECOND;
}
