/**
 * Checks must leave the repository as they found it; on a CI machine, where nobody edits meanwhile, it must
 * hold no change at all.
 */
import { execFileSync } from 'node:child_process';
import { ROOT } from '../tree/root.mjs';

const before = changes();

/** @returns {Promise<import('./command.mjs').Outcome>} */
export async function checkUnchanged() {
  const expected = process.env.CI ? [] : before;
  const added = changes().filter((line) => !expected.includes(line));
  return { passed: added.length === 0, output: ['Changed by the checks:', ...added].join('\n') };
}

function changes() {
  const status = execFileSync('git', ['status', '--porcelain'], { cwd: ROOT, encoding: 'utf8' });
  return status.split('\n').filter((line) => line !== '');
}
