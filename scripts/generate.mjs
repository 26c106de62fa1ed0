/**
 * Makes the generated files: `npm run generate` writes all of them, `npm run generate -- errors` one kind;
 * with `--check` nothing is written, and the exit code is 1 when any differs.
 */
import './tree/node-version.mjs';

const { makeReady } = await import('./tree/ready.mjs');
await makeReady();
const { GENERATORS } = await import('./generated/generators.mjs');
const { staleFiles, writeFiles } = await import('./generated/generator.mjs');

const check = process.argv.includes('--check');
const names = process.argv.slice(2).filter((argument) => argument !== '--check');
const unknown = names.find((name) => !GENERATORS.some((generator) => generator.name === name));
if (unknown !== undefined) {
  console.error(
    `Cannot generate ${unknown}: it is not one of ${GENERATORS.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}

for (const generator of GENERATORS.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const paths = await (check ? staleFiles : writeFiles)(generator);
  for (const path of paths) {
    console.log(check ? `${path} is not what the code says` : `wrote ${path}`);
  }
  if (check && paths.length > 0) {
    console.log(`Run 'npm run generate -- ${generator.name}' and commit the result.`);
    process.exitCode = 1;
  }
}
