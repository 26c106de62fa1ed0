import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';

export interface CatalogBenchOptions {
  readonly tables: number;
  /** How often each is measured; the median counts. */
  readonly runs: number;
  /** A server to use; a cluster of the benchmark's own unless told. */
  readonly url: string | undefined;
  /** Where the cluster of its own goes. */
  readonly folder: string;
}

/** Reads the benchmark's flags. @throws Error that names what is wrong */
export function readOptions(
  argv: readonly string[],
  usual: { readonly tables: number; readonly runs: number } = { tables: 10_000, runs: 5 },
): CatalogBenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      tables: { type: 'string', default: String(usual.tables) },
      runs: { type: 'string', default: String(usual.runs) },
      url: { type: 'string' },
      folder: { type: 'string', default: tmpdir() },
    },
  });
  return {
    tables: wholeNumber('tables', values.tables),
    runs: wholeNumber('runs', values.runs),
    url: values.url,
    folder: values.folder,
  };
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`Cannot run the benchmark: --${flag} is '${text}' (a whole number from 1 was wanted)`);
  }
  return value;
}
