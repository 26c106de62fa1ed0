/** What a field of a COPY line can be made from; `undefined` is null. */
export type CopyField = string | number | boolean | undefined;

/**
 * One line of PostgreSQL's COPY text format, newline included (manual, "COPY", "Text Format"). Texts are written
 * as they are: the generator makes none that holds a tab, a newline or a backslash, save bytea's own `\\x`.
 */
export function copyLine(fields: readonly CopyField[]): string {
  let line = '';
  for (const field of fields) {
    line += field === undefined ? '\t\\N' : `\t${field}`;
  }
  return `${line.slice(1)}\n`;
}

/** A time in COPY's text, from Unix milliseconds. */
export function copyTime(timeMs: number | undefined): string | undefined {
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString();
}

/** The fields `created_at` and `updated_at` of a row that changed at most once after it was made. */
export function copyTimes(createdAtMs: number, changedAtMs?: number): readonly CopyField[] {
  const created = copyTime(createdAtMs);
  return [created, copyTime(changedAtMs) ?? created];
}
