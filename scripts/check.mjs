/**
 * Runs every check that the project must pass: `npm run check`. `npm run check -- types package` runs some, and
 * `npm run check -- --without tests` all but some.
 * One line a step; the output of a step that fails follows its line. The exit code is 1 when any failed.
 */
import './tree/node-version.mjs';
import { STEPS } from './check/steps.mjs';

const without = process.argv[2] === '--without';
const names = process.argv.slice(without ? 3 : 2);
const unknown = names.find((name) => !STEPS.some((step) => step.name === name));
if (unknown !== undefined) {
  console.error(`Cannot check ${unknown}: the steps are ${STEPS.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

const chosen = names.length === 0 ? STEPS : STEPS.filter(({ name }) => names.includes(name) !== without);

const failed = [];
for (const { name, run } of chosen) {
  process.stdout.write(name.padEnd(14));
  const started = performance.now();
  const { passed, output } = await run();
  console.log(
    `${passed ? 'ok    ' : 'FAILED'} ${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s`,
  );
  if (!passed) {
    failed.push(name);
    console.log(output.trimEnd().replaceAll(/^/gm, '  '));
  }
}

console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
