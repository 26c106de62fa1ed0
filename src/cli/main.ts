#!/usr/bin/env node
// The version is answered before anything else is loaded: start-up is what people feel.
import * as nodeModule from 'node:module';
import { packageVersion } from '../core/index.js';

/** What Node 22.1 and newer have: they keep what they have compiled for the next start. */
const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: () => unknown };

// Who reads the output may have seen enough (`plinth status | head`): what is left to print goes nowhere, quietly.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
}

const [first] = process.argv.slice(2);
if (first === '--version' || first === '-V') {
  process.stdout.write(`${packageVersion()}\n`);
} else {
  enableCompileCache?.();
  // As Node 21 and newer have it: without it the driver loads all of `fetch` to find out where it runs.
  if (!('navigator' in globalThis)) {
    Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'Node.js/20' } });
  }
  const { runCommandLine } = await import('./run.js');
  process.exitCode = await runCommandLine(process.argv.slice(2));
}
