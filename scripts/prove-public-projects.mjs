#!/usr/bin/env node
/**
 * Proves every migration of the public projects in the folder that PLINTH_CORPORA names, and writes what is not proven
 * to docs/proofs-of-public-projects.md. With names of projects, only these are proven anew; what was found of the
 * others is taken from the last run (.plinth/proofs). Takes some minutes.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pathInTree } from './tree/root.mjs';

/**
 * @typedef {object} Project
 * @property {string} name
 * @property {string} repository
 * @property {string} commit
 * @property {string} folder
 * @property {string} [leftOut]
 */

/** @typedef {import('../src/prove/index.js').Proof} Proof */
/** @typedef {{ readonly project: Project, readonly proof: Proof }} Result */

/**
 * Where each keeps its migrations, and the commit that was read.
 * @type {readonly Project[]}
 */
const PROJECTS = [
  {
    name: 'openmeter',
    repository: 'openmeterio/openmeter',
    commit: '7e57a394',
    folder: 'tools/migrate/migrations',
  },
  { name: 'goalert', repository: 'target/goalert', commit: '2458b9d7', folder: 'migrate/migrations' },
  {
    name: 'concourse',
    repository: 'concourse/concourse',
    commit: '95872ce1',
    folder: 'atc/db/migration/migrations',
    // Two have the same version.
    leftOut: '1626194317_add_pipeline_pauses_table',
  },
  {
    name: 'marble',
    repository: 'checkmarble/marble-backend',
    commit: 'b1b2f942',
    folder: 'repositories/migrations',
  },
  {
    name: 'svix',
    repository: 'svix/svix-webhooks',
    commit: '4fc0cfb8',
    folder: 'server/svix-server/migrations',
  },
  {
    name: 'river',
    repository: 'riverqueue/river',
    commit: 'fdf6cdf1',
    folder: 'riverdriver/riverdatabasesql/migration/main',
  },
];

/** Differences of a schema that are told of one migration. */
const MOST_TOLD = 4;

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

const chosen = process.argv.slice(2);
for (const project of PROJECTS.filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
  const copy = copyWithout(project);
  const folder = readFolder({ path: copy, displayPath: project.folder });
  const versions = folder.migrations
    .filter((/** @type {{ kind: string }} */ { kind }) => kind === 'versioned')
    .map((/** @type {{ version: string }} */ { version }) => version);
  const proof = await prove({
    target: project.name,
    folder,
    versions,
    filler: generatedRows(),
    onProgress: tell,
  });
  rmSync(copy, { recursive: true });
  writeFileSync(join(found, `${project.name}.json`), JSON.stringify(proof));
  process.stderr.write(
    `\n${project.name}: ${JSON.stringify(proof.counts)} in ${Math.round(proof.durationMs / 1000)} s\n`,
  );
}
writeFileSync(pathInTree('docs/proofs-of-public-projects.md'), page());

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

function page() {
  const results = PROJECTS.flatMap((project) => {
    const proof = lastProof(project.name);
    return proof ? [{ project, proof }] : [];
  });
  return `${[
    '# Proofs of public projects',
    '<!-- Written by scripts/prove-public-projects.mjs. Do not edit. -->',
    'What [`plinth prove`](prove.md) finds in the migrations of public projects, applied by Plinth with kept data, on generated rows. A finding is no reproach: most of these projects never roll back in production, and some say so.',
    summary(results),
    ...results.map(section),
  ].join('\n\n')}\n`;
}

/**
 * @param {string} name
 * @returns {Proof | undefined}
 */
function lastProof(name) {
  try {
    return JSON.parse(readFileSync(join(found, `${name}.json`), 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {readonly Result[]} results */
function summary(results) {
  const verdicts = /** @type {const} */ (['proven', 'proven with kept data', 'unproven', 'broken']);
  const rows = results.map(
    ({ project, proof }) =>
      `| [${project.name}](https://github.com/${project.repository}) ${project.commit} | ${proof.migrations.length} | ${verdicts.map((verdict) => proof.counts[verdict]).join(' | ')} | ${proof.serverVersion} |`,
  );
  return [
    `| project | migrations | ${verdicts.join(' | ')} | PostgreSQL |`,
    `| --- |${' ---: |'.repeat(5)} --- |`,
    ...rows,
  ].join('\n');
}

/** @param {Result} result */
function section({ project, proof }) {
  const told = proof.migrations.filter(({ reasons }) => reasons.length > 0);
  const rows = told.map(
    ({ version, verdict, reasons }) =>
      `| ${code(version)} | ${verdict} | ${reasons.map(reasonText).join('<br>')} |`,
  );
  return [
    `## ${project.name}`,
    ...(project.leftOut ? [`Left out, as another has its version: ${code(project.leftOut)}.`] : []),
    rows.length > 0
      ? ['| version | verdict | why |', '| --- | --- | --- |', ...rows].join('\n')
      : 'All are proven.',
  ].join('\n\n');
}

/** @param {Proof['migrations'][number]['reasons'][number]} reason */
function reasonText({ kind, message, differences = [], loss }) {
  if (differences.length > 0) {
    const told = differences.slice(0, MOST_TOLD).map(({ change, object }) => `${change} ${code(object)}`);
    const more = differences.length > MOST_TOLD ? ` and ${differences.length - MOST_TOLD} more` : '';
    return `${cell(message.replace(/\.$/, ''))}: ${told.join(', ')}${more}`;
  }
  if (loss) {
    const { rowsLost, rowsAdded, cellsChanged, columnsLost } = loss;
    const parts = [
      ...(rowsLost > 0 ? [`${rowsLost} rows gone`] : []),
      ...(cellsChanged > 0 ? [`${cellsChanged} cells other`] : []),
      ...(columnsLost.length > 0 ? [`values of ${columnsLost.map(code).join(', ')} gone`] : []),
      ...(rowsAdded > 0 ? [`${rowsAdded} rows more`] : []),
    ];
    return `${cell(message.replace(/\.$/, ''))}: ${parts.join(', ')}`;
  }
  return kind === 'not-reached' ? cell(message.split(':')[0] ?? message) : cell(message);
}

/** @param {string} text */
function code(text) {
  return `\`${text.replace(/[`|\n]/g, ' ')}\``;
}

/** @param {string} text */
function cell(text) {
  return text.replace(/\s*\n\s*/g, ' ').replace(/([|\\*_[\]<>])/g, '\\$1');
}
