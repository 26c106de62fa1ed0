/** One type as columns use it, its modifier included. */
export interface TypeFacts {
  /** As format_type writes it: `numeric(10,2)`, `public.mood[]`. */
  readonly type: string;
  readonly schema: string;
  readonly name: string;
  /** PostgreSQL's own modifier; -1 for none. */
  readonly typmod: number;
  readonly kind: 'base' | 'array' | 'domain' | 'enum' | 'composite' | 'range' | 'multirange';
  /** What an array's elements, a domain's values, a range's bounds are; the range of a multirange. */
  readonly of: string | null;
  readonly not_null: boolean;
  /** Of an enum. */
  readonly labels: readonly string[] | null;
  /** The types of a composite type's attributes. */
  readonly attributes: readonly string[] | null;
  /** Of a domain. */
  readonly checks: readonly DomainCheck[] | null;
}

export interface DomainCheck {
  readonly name: string;
  /** Over `value`. */
  readonly expression: string;
  readonly definition: string;
}

/** Which rows go to a partition that holds rows itself. */
export interface PartitionFacts {
  readonly rootSchema: string;
  readonly rootName: string;
  readonly schema: string;
  readonly name: string;
  /** As an expression over the columns, the conditions of the partitions above included; `null` where all rows go. */
  readonly condition: string | null;
}

/** The types of a database, by what columns call them. */
export type Types = ReadonlyMap<string, TypeFacts>;

/** The type under domains. */
export function baseOf(types: Types, type: string): TypeFacts | undefined {
  const facts = types.get(type);
  return facts?.kind === 'domain' ? baseOf(types, facts.of!) : facts;
}
