import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';

const PARTS = ['generated', 'openmeter', 'status', 'start', 'memory'] as const;
export type Part = (typeof PARTS)[number];

export interface MigrateBenchOptions {
  /** How many migrations are generated. */
  readonly migrations: number;
  /** How often each tool has its turn; medians are told. */
  readonly runs: number;
  /** Where the cluster, the migrations and the peers from the registry go. Memory, where the system has such a folder. */
  readonly folder: string;
  /** Write to the disk as a server that keeps data does. */
  readonly fsync: boolean;
  /** What to measure. */
  readonly parts: ReadonlySet<Part>;
  /** Measure Plinth and psql only. */
  readonly withoutPeers: boolean;
  /** The folder of real projects' migrations. */
  readonly corpora: string | undefined;
}

/** Reads the benchmark's flags. @throws Error that names what is wrong */
export function readOptions(argv: readonly string[]): MigrateBenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      migrations: { type: 'string', default: '1000' },
      runs: { type: 'string', default: '3' },
      folder: { type: 'string', default: existsSync('/dev/shm') ? '/dev/shm' : tmpdir() },
      fsync: { type: 'boolean', default: false },
      only: { type: 'string', default: PARTS.join(',') },
      'without-peers': { type: 'boolean', default: false },
    },
  });
  return {
    migrations: wholeNumber('migrations', values.migrations),
    runs: wholeNumber('runs', values.runs),
    folder: values.folder,
    fsync: values.fsync,
    parts: partsOf(values.only),
    withoutPeers: values['without-peers'],
    corpora: process.env.PLINTH_CORPORA || undefined,
  };
}

function partsOf(text: string): ReadonlySet<Part> {
  const named = text.split(',') as Part[];
  const unknown = named.find((part) => !PARTS.includes(part));
  if (unknown !== undefined) {
    throw new Error(`Cannot run the benchmark: --only has '${unknown}' (of ${PARTS.join(', ')} were wanted)`);
  }
  return new Set(named);
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`Cannot run the benchmark: --${flag} is '${text}' (a whole number from 1 was wanted)`);
  }
  return value;
}
