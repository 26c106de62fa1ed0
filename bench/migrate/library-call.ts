/** A process that opens a project, makes one call and prints how many seconds the call took. */
import { open } from '../../src/index.js';

const plinth = await open();
const start = performance.now();
if (process.argv[2] === 'apply') {
  await plinth.apply();
} else {
  await plinth.rollback({ to: '0' });
}
console.log((performance.now() - start) / 1000);
