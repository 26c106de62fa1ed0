/**
 * The command line in a few large files in place of `dist/cli/run.js`: most of what a short command takes is Node
 * finding and reading files, of which the sources and the packages that every command needs are 500. What a command
 * loads when it needs it stays in parts of its own, and so do packages that bring programs or WebAssembly.
 *
 * Parts lie beside `run.js`: files of the package are found from there as from any other compiled file.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathInTree } from './root.mjs';

const ENTRY = pathInTree('src/cli/run.ts');
/** What commands start as a process of its own, looked for beside the file that starts it. */
const PROGRAMS = [pathInTree('src/docs/erd/picture/png-process.ts')];
const FOLDER = pathInTree('dist/cli');

/** The packages that every command loads, with what they need themselves. */
const TAKEN_IN =
  /^(@opentelemetry\/api|commander|pg|pg-cloudflare|pg-connection-string|pg-int8|pg-pool|pg-protocol|pg-types|pgpass|postgres-array|postgres-bytea|postgres-date|postgres-interval|split2|xtend|yaml|zod)(\/|$)/;

/** Bundles what the sources have; a tree without a command line, as tests make them, is left as it is. */
export async function bundleCommandLine() {
  if (!existsSync(ENTRY)) {
    return;
  }
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: [ENTRY, ...PROGRAMS],
    platform: 'node',
    tsconfig: pathInTree('tsconfig.build.json'),
    // Errors are thrown; warnings are of how the sources are divided.
    logLevel: 'silent',
    external: (id) => /^[^./]/.test(id) && !TAKEN_IN.test(id),
  });
  const { output } = await bundle.write({
    dir: FOLDER,
    entryFileNames: '[name].js',
    chunkFileNames: 'part-[name]-[hash].js',
    sourcemap: true,
  });
  await bundle.close();
  const files = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
  writeFileSync(`${FOLDER}/LICENSES.txt`, licensesOf(files));
}

/**
 * The licenses of the packages that the files are of.
 * @param {readonly string[]} files
 */
function licensesOf(files) {
  const folders = files.flatMap(
    (file) => /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0] ?? [],
  );
  return [...new Set(folders)]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
      const files = readdirSync(folder).filter((each) => /^licen[cs]e/i.test(each));
      const texts = files.map((file) => readFileSync(`${folder}/${file}`, 'utf8').trim());
      return `${[`${name} ${version} (${license})`, ...texts].join('\n\n')}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
