/**
 * The catalogue as the questions that `statementEffects` asks, with the sizes of relations. Two queries,
 * whatever the number of tables.
 */
import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import type { CatalogFacts, DomainFacts, RelationFacts, RelationName } from '../../sql/index.js';

/** How large a relation is, by the server's own estimate. */
export interface RelationSize {
  /** Rows as of the last analyze; `undefined` when there was none. */
  readonly rows: number | undefined;
  /** Bytes of the table itself, its indexes left out. */
  readonly bytes: number;
}

export interface SizedCatalogFacts extends CatalogFacts {
  /** `undefined` for a relation that does not exist. */
  sizeOf(relation: RelationName): RelationSize | undefined;
}

/** Reads what is known of every relation outside the system's schemas and Plinth's own. */
export async function readCatalogFacts(session: Session): Promise<SizedCatalogFacts> {
  const read = <Row extends object>(name: string): Promise<Row[]> =>
    session.query<Row>(
      readPackageFile(`src/catalog/facts/${name}.sql`),
      [],
      session.isDirect ? { name: `plinth_facts_${name}` } : {},
    );
  const relations = await read<RelationRow>('relations');
  const [rest] = await read<RestRow>('routines-and-types');
  return factsOf(session.server.versionNumber, relations, rest!);
}

type RelationRow = RelationFacts & { readonly rows: number; readonly bytes: number };

interface RestRow {
  readonly searchPath: readonly string[];
  readonly timeZoneIsUtc: boolean;
  readonly volatile: readonly string[];
  readonly notVolatile: readonly string[];
  readonly domains: readonly (DomainFacts & { readonly schema: string; readonly name: string })[];
  readonly typeUses: readonly (RelationName & { readonly typeSchema: string; readonly type: string })[];
  readonly statistics: readonly {
    readonly schema: string;
    readonly name: string;
    readonly tableSchema: string;
    readonly table: string;
  }[];
}

function factsOf(serverVersion: number, relations: readonly RelationRow[], rest: RestRow): SizedCatalogFacts {
  const byName = new Map(relations.map((row) => [nameKey(row.schema, row.name), withoutNulls(row)]));
  const volatile = new Set(rest.volatile);
  const notVolatile = new Set(rest.notVolatile);
  const find = ({ schema, name }: RelationName): RelationRow | undefined =>
    (schema === undefined ? rest.searchPath : [schema])
      .map((candidate) => byName.get(nameKey(candidate, name)))
      .find((row) => row !== undefined);
  const isNamed = (parts: readonly string[], schema: string, name: string): boolean =>
    parts.at(-1) === name && (parts.length > 1 ? parts.at(-2) === schema : rest.searchPath.includes(schema));
  return {
    serverVersion,
    timeZoneIsUtc: rest.timeZoneIsUtc,
    relation: find,
    isVolatile: (parts) => {
      const name = parts.at(-1)!;
      return volatile.has(name) ? true : notVolatile.has(name) ? false : undefined;
    },
    domain: (parts) => rest.domains.find(({ schema, name }) => isNamed(parts, schema, name)),
    relationsUsingType: (parts) =>
      rest.typeUses
        .filter(({ typeSchema, type }) => isNamed(parts, typeSchema, type))
        .map(({ schema, name }) => ({ schema, name })),
    relationsInSchema: (schema) => relations.filter((row) => row.schema === schema),
    relationOfStatistics: ({ schema, name }) => {
      const found = rest.statistics.find((one) =>
        isNamed(schema ? [schema, name] : [name], one.schema, one.name),
      );
      return found && { schema: found.tableSchema, name: found.table };
    },
    sizeOf: (relation) => {
      const row = find(relation);
      // The server says -1 for a table that was never analyzed.
      return row && { rows: row.rows < 0 ? undefined : row.rows, bytes: row.bytes };
    },
  };
}

function nameKey(schema: string, name: string): string {
  return JSON.stringify([schema, name]);
}

/** The facts leave out what is not known; the database writes null. Takes the nulls out of the value itself. */
function withoutNulls<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (inner === null) {
        delete (value as Record<string, unknown>)[key];
      } else {
        withoutNulls(inner);
      }
    }
  }
  return value;
}
