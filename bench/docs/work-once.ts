/** The program that is measured: builds the documents of the project it is given anew, or draws its tables. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open } from '../../src/project/index.js';
import type { DocsReport } from './run-once.js';

const [, , work, config, url] = process.argv as [string, string, string, string, string];
const plinth = await open({ config, url });
const written = work === 'build' ? await build() : await draw();
const { user, system } = process.cpuUsage();
const report: DocsReport = {
  processorSeconds: (user + system) / 1e6,
  megabytes: process.resourceUsage().maxRSS / 1024,
  ...written,
};
console.log(JSON.stringify(report));

async function build(): Promise<Pick<DocsReport, 'files' | 'bytes'>> {
  const folder = config.replace(/\.yaml$/, '/docs');
  rmSync(folder, { recursive: true, force: true });
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
