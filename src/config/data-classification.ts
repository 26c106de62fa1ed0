import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { readText } from '../core/index.js';
import { CONFIG_ERRORS } from './errors.js';

/** Where a project keeps it, from its root. */
const CLASSIFICATION_FILE = 'configs/data-classification.yml';

/** How a column's data must be handled, least guarded first. */
export const DATA_CLASSES = ['public', 'internal', 'confidential', 'restricted'] as const;
export type DataClass = (typeof DATA_CLASSES)[number];

/** The class of each column, by `schema.table.column`. */
export type DataClassification = ReadonlyMap<string, DataClass>;

const classificationSchema = z.looseObject({
  columns: z
    .record(
      z.string().regex(/^[^.]+\.[^.]+\.[^.]+$/, { error: 'schema.table.column was wanted' }),
      z.union([z.enum(DATA_CLASSES), z.looseObject({ class: z.enum(DATA_CLASSES) })]),
    )
    .default({}),
});

/**
 * The classes of the project's columns; none where the project has no such file. An entry is the class itself, or a
 * map that has it under `class`.
 * @throws CONFIG_MALFORMED, CONFIG_INVALID
 */
export function readDataClassification(root: string): DataClassification {
  const path = join(root, CLASSIFICATION_FILE);
  return existsSync(path) ? parseDataClassification(readText(path), CLASSIFICATION_FILE) : new Map();
}

/** The same, of a text. @throws CONFIG_MALFORMED, CONFIG_INVALID */
export function parseDataClassification(text: string, file = CLASSIFICATION_FILE): DataClassification {
  const document = parseDocument(text, { lineCounter: new LineCounter(), prettyErrors: false });
  const flaw = document.errors[0];
  if (flaw) {
    throw CONFIG_ERRORS.MALFORMED({
      message: `Cannot read ${file}: ${flaw.message}`,
      source: { file, text, start: flaw.pos[0], end: flaw.pos[1] },
    });
  }
  const parsed = classificationSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw CONFIG_ERRORS.INVALID({
      message: `Cannot use ${file}: '${issue.path.join('.')}' is not right (${issue.message})`,
      details: { setting: issue.path.join('.') },
    });
  }
  return new Map(
    Object.entries(parsed.data.columns).map(([column, entry]) => [
      column,
      typeof entry === 'string' ? entry : entry.class,
    ]),
  );
}
