#!/usr/bin/env node
// The version is answered before anything else is loaded: start-up is what people feel.
import { packageVersion } from '../core/index.js';

const [first] = process.argv.slice(2);
if (first === '--version' || first === '-V') {
  process.stdout.write(`${packageVersion()}\n`);
} else {
  const { runCommandLine } = await import('./run.js');
  process.exitCode = await runCommandLine(process.argv.slice(2));
}
