import type { Categorize } from './erd/categorize.js';

/** The parts of a schema by name: each with its tables as `schema.table`, where `*` stands for any characters. */
export type Domains = Readonly<Record<string, readonly string[]>>;

/** The first domain that a table belongs to; its schema where it belongs to none. */
export function byDomain(domains: Domains): Categorize {
  const patterns = Object.entries(domains).flatMap(([name, tables]) =>
    tables.map((table) => ({ name, pattern: namePattern(table) })),
  );
  return ({ schema, name }) =>
    patterns.find(({ pattern }) => pattern.test(`${schema}.${name}`))?.name ?? schema;
}

/** What a name with `*` in it stands for. */
export function namePattern(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'su');
}
