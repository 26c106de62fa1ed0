/** Tools in turns on the same migrations: up and down in an empty database each time, medians told. */
import { join } from 'node:path';
import { type PlainMigration, writeMigrations } from './migrations.js';
import { type Command, median, run } from './processes.js';
import { type BenchServer, emptyDatabase } from './server.js';
import type { Place, Tool } from './tool.js';

/** How long a tool took. */
export interface Figures {
  readonly tool: string;
  /** Median seconds; a text says why there is no figure. */
  readonly up: number | string;
  readonly down: number | string;
}

export interface Comparison {
  /** Names the migrations, and their folder. */
  readonly name: string;
  readonly migrations: readonly PlainMigration[];
  readonly tools: readonly Tool[];
  readonly runs: number;
}

const DATABASE = 'plinth_bench';

export async function compare(
  server: BenchServer,
  { name, migrations, tools, runs }: Comparison,
): Promise<readonly Figures[]> {
  const folder = join(server.folder, name);
  for (const form of new Set(tools.map((tool) => tool.form))) {
    writeMigrations(join(folder, form), migrations, form);
  }
  const taken = tools.map((tool) => ({ tool, up: turns(), down: turns() }));
  // In turn, so that whatever else the machine does falls on all of them.
  for (let round = 0; round < runs; round += 1) {
    for (const { tool, up, down } of taken) {
      const url = await emptyDatabase(server, DATABASE);
      const place: Place = { url, folder: join(folder, tool.form), count: migrations.length };
      await measure(tool, tool.up(place), up);
      if (tool.down && up.failure === undefined) {
        await measure(tool, tool.down(place), down);
      }
    }
  }
  return taken.map(({ tool, up, down }) => ({
    tool: tool.name,
    up: figureOf(up),
    down: figureOf(down),
  }));
}

interface Turns {
  readonly seconds: number[];
  failure: string | undefined;
}

function turns(): Turns {
  return { seconds: [], failure: undefined };
}

/** A tool that has stopped once is not asked again. */
async function measure(tool: Tool, command: Command, into: Turns): Promise<void> {
  if (into.failure !== undefined) {
    return;
  }
  try {
    const { seconds, output } = await run(command);
    into.seconds.push(tool.secondsIn?.(output) ?? seconds);
  } catch (cause) {
    into.failure = (cause as Error).message;
  }
}

function figureOf({ seconds, failure }: Turns): number | string {
  return failure !== undefined ? `stops: ${failure}` : seconds.length === 0 ? '–' : median(seconds);
}
