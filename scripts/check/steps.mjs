import { runCommands } from './command.mjs';
import { checkPackage } from './package.mjs';
import { checkUnchanged } from './unchanged.mjs';

/**
 * The checks, in the order in which they run: what later ones need first, then the quick before the slow.
 * @type {readonly { readonly name: string, readonly run: () => Promise<import('./command.mjs').Outcome> }[]}
 */
export const STEPS = [
  { name: 'build', run: () => runCommands('node scripts/prepare.mjs') },
  { name: 'lint', run: () => runCommands('biome ci --colors=off --error-on-warnings') },
  { name: 'types', run: () => runCommands('tsc -p tsconfig.json', 'tsc -p scripts/tsconfig.json') },
  { name: 'architecture', run: () => runCommands('vitest run tests/architecture.test.ts') },
  { name: 'dead-code', run: () => runCommands('knip') },
  { name: 'generated', run: () => runCommands('node scripts/generate.mjs --check') },
  { name: 'package', run: checkPackage },
  { name: 'tests', run: () => runCommands('vitest run') },
  { name: 'unchanged', run: checkUnchanged },
];
