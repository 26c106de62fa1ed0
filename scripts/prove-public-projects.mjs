#!/usr/bin/env node
/**
 * Proves every migration of the public projects in the folder that PLINTH_CORPORA names, and writes what is not proven
 * to docs/proofs-of-public-projects.md. With names of projects, only these are proven anew; what was found of the
 * others is taken from the last run (.plinth/proofs). With --continue, migrations that the last run came to are not
 * proven again; with --page, nothing is proven and the page is written from the last run. Takes some minutes.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pageOf } from './public-projects/page.mjs';
import { PROJECTS } from './public-projects/projects.mjs';
import { pathInTree } from './tree/root.mjs';

/** @typedef {import('./public-projects/projects.mjs').Project} Project */
/** @typedef {import('./public-projects/page.mjs').Result} Result */
/** @typedef {Result['migrations'][number]} Migration */

const corpora = process.env.PLINTH_CORPORA ?? '';
if (corpora === '') {
  process.stderr.write('Set PLINTH_CORPORA to the folder that holds the projects.\n');
  process.exit(2);
}
const load = (/** @type {string} */ path) => import(pathToFileURL(pathInTree(path)).href);
const { prove, generatedRows } = await load('dist/prove/index.js');
const { readFolder } = await load('dist/migrate/index.js');
const found = pathInTree('.plinth/proofs');
mkdirSync(found, { recursive: true });

const words = process.argv.slice(2);
const isContinued = words.includes('--continue');
const chosen = words.filter((word) => !word.startsWith('--'));
const proven = words.includes('--page')
  ? []
  : PROJECTS.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
for (const project of proven) {
  await proveProject(project);
}
const results = PROJECTS.flatMap((project) => {
  const last = lastResult(project);
  return last ? [last] : [];
});
writeFileSync(pathInTree('docs/proofs-of-public-projects.md'), pageOf(results));

/** @param {Project} project */
async function proveProject(project) {
  const copy = copyWithout(project);
  const folder = readFolder({ path: copy, displayPath: project.folder });
  /** @type {readonly string[]} */
  const versions = folder.migrations
    .filter((/** @type {{ kind: string }} */ { kind }) => kind === 'versioned')
    .map((/** @type {{ version: string }} */ { version }) => version);
  const known = new Map(
    (isContinued ? (lastResult(project)?.migrations ?? []) : []).map((each) => [each.version, each]),
  );
  const startedMs = performance.now();
  const save = () => {
    const migrations = versions.flatMap((version) => known.get(version) ?? []);
    writeFileSync(
      join(found, `${project.name}.json`),
      JSON.stringify({ migrations, total: versions.length }),
    );
  };
  try {
    await prove({
      target: project.name,
      folder,
      versions: versions.filter((version) => !known.has(version)),
      filler: generatedRows(),
      everyStatement: false,
      onProgress: tell,
      onProof: (/** @type {Migration} */ migration) => {
        known.set(migration.version, migration);
        save();
      },
    });
  } finally {
    rmSync(copy, { recursive: true });
  }
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  process.stderr.write(`\n${project.name}: ${known.size} of ${versions.length} in ${seconds} s\n`);
}

/**
 * A copy of the folder without what cannot be read beside the rest.
 * @param {Project} project
 */
function copyWithout({ name, folder, leftOut }) {
  const copy = mkdtempSync(join(tmpdir(), `plinth-${name}-`));
  cpSync(join(corpora, name, folder), copy, {
    recursive: true,
    filter: (path) => leftOut === undefined || !path.includes(leftOut),
  });
  return copy;
}

/** @param {{ task: string, done?: number, total?: number }} progress */
function tell({ task, done, total }) {
  if (done !== undefined) {
    process.stderr.write(`\r${task} ${done}/${total}`);
  }
}

/**
 * What the last run found of a project.
 * @param {Project} project
 * @returns {Result | undefined}
 */
function lastResult(project) {
  try {
    return { project, ...JSON.parse(readFileSync(join(found, `${project.name}.json`), 'utf8')) };
  } catch {
    return undefined;
  }
}
