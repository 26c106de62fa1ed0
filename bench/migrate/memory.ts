import { join } from 'node:path';
import { generated, writeMigrations } from './migrations.js';
import { plinth } from './plinth.js';
import { run } from './processes.js';
import { type BenchServer, emptyDatabase } from './server.js';

/** Garbage stands while there is room for it, so the room is small: what is left to differ is what is needed. */
const SMALL_HEAP = ['--max-old-space-size=48', '--max-semi-space-size=2'];

/** The most memory that `plinth apply` of so many migrations has in a heap of 48 MB, in megabytes. */
export async function peakMegabytes(server: BenchServer, count: number): Promise<number> {
  const folder = join(server.folder, `memory-${count}`, 'pairs');
  writeMigrations(folder, generated(count), 'pairs');
  const url = await emptyDatabase(server, 'plinth_bench_memory');
  const command = plinth({ url, folder, count }, 'apply', '--quiet');
  const teller = new URL('./tell-memory.js', import.meta.url).href;
  const { output } = await run({ ...command, args: [...SMALL_HEAP, '--import', teller, ...command.args] });
  return Number(/peak (\d+) KB/.exec(output)?.[1]) / 1024;
}
