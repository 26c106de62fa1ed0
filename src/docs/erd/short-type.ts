/** PostgreSQL's own short names for the types whose standard names are long. */
const SHORT: readonly (readonly [RegExp, string])[] = [
  [/^timestamp(\(\d+\))? without time zone/, 'timestamp$1'],
  [/^timestamp(\(\d+\))? with time zone/, 'timestamptz$1'],
  [/^time(\(\d+\))? without time zone/, 'time$1'],
  [/^time(\(\d+\))? with time zone/, 'timetz$1'],
  [/^character varying/, 'varchar'],
  [/^character(?=[([]|$)/, 'char'],
  [/^bit varying/, 'varbit'],
  [/^double precision/, 'float8'],
];

/** A type as people write it: `character varying(40)[]` is `varchar(40)[]`. */
export function shortType(type: string): string {
  const found = SHORT.find(([pattern]) => pattern.test(type));
  return found ? type.replace(found[0], found[1]) : type;
}
