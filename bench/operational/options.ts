import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';

export interface OperationalBenchOptions {
  /** How many organizations to seed. */
  readonly organizations: number;
  /** A server to use; a cluster of the benchmark's own unless told. */
  readonly url: string | undefined;
  /** Where the cluster of its own and the files to copy from go. */
  readonly folder: string;
  /** How long each query is measured. */
  readonly seconds: number;
  readonly connections: number;
  /** Leave the bare COPY out, and with it the ratio: half the time. */
  readonly withoutBare: boolean;
  /** With a server that was given: leave the seeded database there, and use one that an earlier run has left. */
  readonly keep: boolean;
}

/** Reads the benchmark's flags. @throws Error that names what is wrong */
export function readOptions(argv: readonly string[]): OperationalBenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      organizations: { type: 'string', default: '10000000' },
      url: { type: 'string' },
      folder: { type: 'string', default: tmpdir() },
      seconds: { type: 'string', default: '20' },
      connections: { type: 'string', default: '16' },
      'without-bare': { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  return {
    organizations: wholeNumber('organizations', values.organizations),
    url: values.url,
    folder: values.folder,
    seconds: wholeNumber('seconds', values.seconds),
    connections: wholeNumber('connections', values.connections),
    withoutBare: values['without-bare'],
    keep: values.keep && values.url !== undefined,
  };
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`Cannot run the benchmark: --${flag} is '${text}' (a whole number from 1 was wanted)`);
  }
  return value;
}
