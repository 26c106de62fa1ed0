/** Hard schemas: one file each, with what they expect in comments. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface HardSchema {
  readonly name: string;
  readonly sql: string;
  /** The first major version that takes it. */
  readonly since: number;
  /** `schema.table kind name` of each table that cannot be filled. */
  readonly unfilled: readonly string[];
}

const FOLDER = join(import.meta.dirname, 'cases');

export const HARD_SCHEMAS: readonly HardSchema[] = readdirSync(FOLDER)
  .sort()
  .map((file) => {
    const sql = readFileSync(join(FOLDER, file), 'utf8');
    const marked = (mark: string): string[] =>
      [...sql.matchAll(new RegExp(`^-- ${mark}: (.*)$`, 'gm'))].map(([, text]) => text!);
    return {
      name: file.replace('.sql', ''),
      sql,
      since: Number(marked('since')[0] ?? 0),
      unfilled: marked('unfilled'),
    };
  });
