/**
 * Plinth's floors, from the ground up. A module may import from the floors below its own, never from one above
 * and never from a neighbour on the same floor. A new module is named here before its first file is written.
 */
export interface Floor {
  readonly name: string;
  readonly modules: readonly string[];
  /** What the modules of this floor have in common, and why they stay apart. */
  readonly reason: string;
}

export const FLOORS: readonly Floor[] = [
  {
    name: 'ground',
    modules: ['core', 'telemetry'],
    reason: 'Errors, texts, files, clock; spans. They know nothing of databases.',
  },
  {
    name: 'meaning',
    modules: ['sql', 'schema', 'config'],
    reason: 'What texts and settings mean, as pure functions and plain data.',
  },
  {
    name: 'engines',
    modules: ['database', 'storage', 'signing'],
    reason:
      'What talks to the world outside: databases, object stores, and keys with the agents that hold them. Each is the only module that does.',
  },
  {
    name: 'reading',
    modules: ['catalog'],
    reason: 'Turns a live database into the schema model.',
  },
  {
    name: 'writing',
    modules: ['ddl'],
    reason: 'Turns models into statements, without a database; every feature may write what it has read.',
  },
  {
    name: 'features',
    modules: ['migrate', 'lint', 'docs', 'seed', 'usage', 'govern'],
    reason: 'Peers, each deletable by itself; a workflow composes them.',
  },
  {
    name: 'workflows',
    modules: ['quickstart', 'compare', 'prove', 'spec', 'online'],
    reason: 'What needs several features at once.',
  },
  {
    name: 'telling',
    modules: ['report', 'project'],
    reason: 'Results for people and programs: as text, and as library calls on one project.',
  },
  {
    name: 'doors',
    modules: ['cli', 'console', 'index.ts'],
    reason: 'The ways in: arguments, HTTP, the public library.',
  },
];

/** Packages that only some modules may import: what they do must stay replaceable in one place. */
export const PACKAGE_OWNERS: Readonly<Record<string, readonly string[]>> = {
  pg: ['database'],
  'pg-copy-streams': ['database'],
  '@duckdb/node-api': ['database'],
  'libpg-query': ['sql'],
  '@aws-sdk/client-s3': ['storage'],
  commander: ['cli'],
  '@opentelemetry/api': ['telemetry'],
  '@opentelemetry/context-async-hooks': ['telemetry'],
  '@opentelemetry/otlp-transformer': ['telemetry'],
  '@opentelemetry/resources': ['telemetry'],
  '@opentelemetry/sdk-metrics': ['telemetry'],
  '@opentelemetry/sdk-trace': ['telemetry'],
};

/** The modules that may print. */
export const PRINTING_MODULES: readonly string[] = ['cli', 'report'];

/** Words that say nothing about what is inside. */
export const EMPTY_NAMES: readonly string[] = ['util', 'helper', 'common', 'manager', 'misc', 'shared'];
