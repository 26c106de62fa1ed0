/** The architecture's rules: each takes all source files and returns one sentence per violation. */
import { EMPTY_NAMES, FLOORS, PACKAGE_OWNERS, PRINTING_MODULES } from './floors.js';
import type { SourceFile } from './source-file.js';

export type Rule = (files: readonly SourceFile[]) => readonly string[];

export const everyModuleHasAFloor: Rule = (files) =>
  [...new Set(files.map(({ module }) => module))]
    .filter((module) => floorOf(module) === undefined)
    .map((module) => `${module} is on no floor (name it in tests/architecture/floors.ts)`);

export const importsGoDown: Rule = (files) =>
  crossings(files)
    .filter(({ from, to }) => !isBelow(to, from.module))
    .map(({ from, to, path }) => `${from.path} imports ${path}, but ${to} is not below ${from.module}`);

export const modulesAreEnteredByTheirDoor: Rule = (files) =>
  crossings(files)
    .filter(({ to, path }) => path !== to && path !== `${to}/index.ts`)
    .map(({ from, to, path }) => `${from.path} imports ${path} past the door ${to}/index.ts`);

export const importedFilesExist: Rule = (files) => {
  const paths = new Set(files.map(({ path }) => path));
  return files.flatMap((from) =>
    filesImportedBy(from)
      .filter((path) => !paths.has(path))
      .map((path) => `${from.path} imports ${path}, which is not in src`),
  );
};

export const doorsOnlyReExport: Rule = (files) =>
  files
    .filter(({ path, onlyReExports }) => /(^|\/)index\.ts$/.test(path) && !onlyReExports)
    .map(({ path }) => `${path} is a door and holds more than 'export { … } from …'`);

export const packagesStayWithTheirOwners: Rule = (files) =>
  files.flatMap((from) =>
    from.imports
      .flatMap((reference) => (reference.kind === 'package' ? [reference.name] : []))
      .filter((name) => PACKAGE_OWNERS[name] && !PACKAGE_OWNERS[name].includes(from.module))
      .map((name) => `${from.path} imports ${name}, which belongs to ${PACKAGE_OWNERS[name]!.join(', ')}`),
  );

export const onlyTheTellingPrints: Rule = (files) =>
  files
    .filter(({ module }) => !PRINTING_MODULES.includes(module))
    .flatMap(({ path, prints }) => prints.map((printer) => `${path} prints with ${printer}`));

export const namesSaySomething: Rule = (files) =>
  files
    .filter(({ path }) => path.split(/[/.-]/).some((word) => EMPTY_NAMES.includes(word.replace(/s$/, ''))))
    .map(({ path }) => `${path} has a name that says nothing (name the subject)`);

export const namesAreKebabCase: Rule = (files) =>
  files
    .filter(({ path }) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(path))
    .map(({ path }) => `${path} is not in kebab-case`);

/** Cycles between files, type imports included; each is told once, from its first file in the alphabet. */
export const importsHaveNoCycles: Rule = (files) => {
  const importsOf = new Map(files.map((file) => [file.path, filesImportedBy(file)]));
  const finished = new Set<string>();
  const cycles = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) {
      cycles.add(inAlphabeticalRotation(trail.slice(start)).join(' → '));
    } else if (!finished.has(path)) {
      for (const next of importsOf.get(path) ?? []) {
        visit(next, [...trail, path]);
      }
      finished.add(path);
    }
  };
  for (const { path } of files) {
    visit(path, []);
  }
  return [...cycles];
};

interface Crossing {
  readonly from: SourceFile;
  readonly to: string;
  readonly path: string;
}

function crossings(files: readonly SourceFile[]): readonly Crossing[] {
  return files.flatMap((from) =>
    filesImportedBy(from)
      .map((path) => ({ from, to: path.split('/')[0]!, path }))
      .filter(({ to }) => to !== from.module),
  );
}

function filesImportedBy(file: SourceFile): readonly string[] {
  return file.imports.flatMap((reference) => (reference.kind === 'file' ? [reference.path] : []));
}

function isBelow(lower: string, upper: string): boolean {
  const lowerFloor = floorOf(lower);
  const upperFloor = floorOf(upper);
  return lowerFloor !== undefined && upperFloor !== undefined && lowerFloor < upperFloor;
}

function floorOf(module: string): number | undefined {
  const floor = FLOORS.findIndex(({ modules }) => modules.includes(module));
  return floor === -1 ? undefined : floor;
}

function inAlphabeticalRotation(cycle: readonly string[]): readonly string[] {
  const first = cycle.indexOf([...cycle].sort()[0]!);
  return [...cycle.slice(first), ...cycle.slice(0, first + 1)];
}
