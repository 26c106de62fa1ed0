/** The text of pg_dump without what may differ between two databases of one schema. */

/** The columns and storage parameters of tables in the order of their names, and without the key that each dump makes up. */
export function comparableDump(dump: string): string {
  return dump
    .replace(/^\\(un)?restrict .*\n/gm, '')
    .replace(/^WITH \((.*)\);$/gm, (_, options: string) => `WITH (${options.split(', ').sort().join(', ')});`)
    .replace(
      /^(CREATE (?:UNLOGGED |FOREIGN )?TABLE [^\n]*) \(\n(.*?)\n\)/gms,
      (_, head: string, body: string) => {
        const lines = body.split('\n').map((line) => line.replace(/,$/, ''));
        return `${head} (\n${lines.sort().join('\n')}\n)`;
      },
    );
}

/** And without what the reader keeps to itself: secrets of foreign servers and their user mappings. */
export function withoutSecrets(dump: string): string {
  return dump
    .replace(/^( +\w*password\w*) '.*?'/gm, "$1 '***'")
    .replace(/^(CREATE USER MAPPING [^;]*?) OPTIONS [^;]*;/gm, '$1;');
}
