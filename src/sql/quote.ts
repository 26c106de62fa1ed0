/** Writing names and values into SQL. Identifiers are quoted here and nowhere else. */

/**
 * `name` as SQL text: as it is where PostgreSQL reads it back unchanged, in double quotes otherwise. Agrees with
 * the server's `quote_ident`.
 */
export function quoteIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** The parts of a qualified name, each quoted where it must be, joined by dots; absent parts are left out. */
export function qualifiedName(...parts: readonly (string | undefined)[]): string {
  return parts
    .filter((part) => part !== undefined)
    .map(quoteIdentifier)
    .join('.');
}

/** `value` as a string constant that means the same with every setting of `standard_conforming_strings`. */
export function quoteLiteral(value: string): string {
  const quoted = `'${value.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return value.includes('\\') ? `E${quoted}` : quoted;
}

/** Every keyword of PostgreSQL 18 that is not unreserved, as `pg_get_keywords()` lists them. */
const RESERVED: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both
   case cast char character check coalesce collate collation column concurrently constraint create cross
   current_catalog current_date current_role current_schema current_time current_timestamp current_user dec
   decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign
   freeze from full grant greatest group grouping having ilike in initially inner inout int integer
   intersect interval into is isnull join json json_array json_arrayagg json_exists json_object
   json_objectagg json_query json_scalar json_serialize json_table json_value lateral leading least left
   like limit localtime localtimestamp merge_action national natural nchar none normalize not notnull null
   nullif numeric offset on only or order out outer overlaps overlay placing position precision primary
   real references returning right row select session_user setof similar smallint some substring symmetric
   system_user table tablesample then time timestamp to trailing treat trim true union unique user using
   values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists
   xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable`.split(/\s+/),
);
