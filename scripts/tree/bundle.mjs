/**
 * The command line in a few large files in place of `dist/cli/run.js`: most of what a short command takes is Node
 * finding and reading files, of which the sources and the packages that every command needs are 500. What a command
 * loads when it needs it stays in parts of its own, and so do packages that bring programs or WebAssembly.
 *
 * Parts lie beside `run.js`: files of the package are found from there as from any other compiled file.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { pathInTree } from './root.mjs';

const ENTRY = pathInTree('src/cli/run.ts');
/** What commands start as a process of its own, looked for beside the file that starts it. */
const PROGRAMS = [pathInTree('src/docs/erd/picture/png-process.ts')];
const FOLDER = pathInTree('dist/cli');

/** The packages that every command loads; what they need themselves is taken in with them. */
const TAKEN_IN = new Set(['@opentelemetry/api', 'commander', 'pg', 'yaml', 'zod']);

const { dependencies, optionalDependencies } = JSON.parse(readFileSync(pathInTree('package.json'), 'utf8'));
const DEPENDENCIES = new Set(Object.keys({ ...dependencies, ...optionalDependencies }));

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
    external: isLeftOut,
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
 * Whether it is found when it is needed: Node's own modules, the other dependencies, and what `pg` would use if somebody
 * had installed it.
 * @param {string} id
 */
function isLeftOut(id) {
  const name = /^(@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? id;
  return isBuiltin(id) || name === 'pg-native' || (DEPENDENCIES.has(name) && !TAKEN_IN.has(name));
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
