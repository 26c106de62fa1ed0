/**
 * The versions' catalogues differ in a few columns. In a query such a line ends with `-- since 18` or `-- before 18`
 * and is kept or dropped by the server's major version. So each file reads as the SQL of the newest version with the
 * older one's line below, and the planner sees nothing of it; asking `to_jsonb(row)` for a column that may not be
 * there would build a document for every row of the largest catalogues.
 */
const MARKED_LINE = /^.*-- (since|before) (\d+)$\n?/gm;

/** The query as the server of this major version takes it. */
export function sqlForVersion(sql: string, major: number): string {
  return sql.replace(MARKED_LINE, (line, direction: string, version: string) =>
    (direction === 'since') === major >= Number(version) ? line : '',
  );
}
