import { join } from 'node:path';
import { type PlainMigration, writeMigrations } from './migrations.js';
import { median, run } from './processes.js';
import { type BenchServer, emptyDatabase } from './server.js';
import type { Place, Tool } from './tool.js';

/** Median seconds of each tool's status, start-up included, with everything applied. */
export async function compareStatus(
  server: BenchServer,
  migrations: readonly PlainMigration[],
  tools: readonly Tool[],
  runs: number,
): Promise<ReadonlyMap<string, number>> {
  const asked = tools.flatMap((tool, index) =>
    tool.status ? [{ tool, index, seconds: [] as number[] }] : [],
  );
  const places = new Map<Tool, Place>();
  for (const { tool, index } of asked) {
    const folder = join(server.folder, 'status', tool.form);
    writeMigrations(folder, migrations, tool.form);
    const place = {
      url: await emptyDatabase(server, `plinth_bench_${index}`),
      folder,
      count: migrations.length,
    };
    await run(tool.up(place));
    places.set(tool, place);
  }
  for (let round = 0; round < runs; round += 1) {
    for (const { tool, seconds } of asked) {
      seconds.push((await run(tool.status!(places.get(tool)!))).seconds);
    }
  }
  return new Map(asked.map(({ tool, seconds }) => [tool.name, median(seconds)]));
}
