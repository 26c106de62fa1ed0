/** One diagram of the project's databases: of all tables, of some, or of one and those around it. */
import { resolve } from 'node:path';
import { DATA_CLASSES, readDataClassification } from '../config/index.js';
import { writeFileAtomic } from '../core/index.js';
import { type Category, categorize, chosenTables, type ErdFormat, renderErd } from '../docs/index.js';
import type { ProjectContext } from './context.js';
import type { TargetChoice } from './migrations.js';
import { readDatabases } from './read-databases.js';

export interface ErdChoice extends TargetChoice {
  /** Mermaid unless told here or by the ending of the file. */
  readonly as?: ErdFormat;
  /** The file to write, from the project's root; none without it. */
  readonly file?: string;
  /** Only these tables: `schema.table` or `table`, where `*` stands for any characters. */
  readonly tables?: readonly string[];
  /** Only this table and those that foreign keys connect it with, `depth` steps away (1 unless told). */
  readonly around?: string;
  readonly depth?: number;
  /** What frames stand for; domains where plinth.yaml has any, else schemas. */
  readonly group?: Exclude<Category, 'classification'>;
  /** What colours stand for; the same unless told. */
  readonly color?: Category;
  /** How much SVG and PNG show of a table; as much as can be read unless told. */
  readonly detail?: 'columns' | 'keys' | 'names';
  readonly theme?: 'light' | 'dark';
}

export interface Erd {
  readonly format: ErdFormat;
  /** Text; bytes of a PNG. */
  readonly content: string | Uint8Array;
  /** How many tables it shows. */
  readonly tables: number;
  /** The file that was written. */
  readonly file?: string;
}

/** @throws DOCS_TABLE_UNKNOWN, DOCS_NOTHING_TO_DOCUMENT, DOCS_LAYOUT_FAILED */
export async function erdOf(context: ProjectContext, choice: ErdChoice): Promise<Erd> {
  const { root, settings } = context.config;
  const { file, around, detail, theme } = choice;
  const { model } = await readDatabases(context, choice);
  const format = choice.as ?? formatOfFile(file) ?? 'mermaid';
  const tables = chosenTables(model, choice);
  const options = {
    domains: settings.docs.domains,
    classification: readDataClassification(root),
    classes: DATA_CLASSES,
  };
  const content = await renderErd(model, {
    format,
    tables,
    title: around === undefined ? settings.project : `${settings.project}: around ${around}`,
    groupBy: categorize(choice.group, options),
    colourBy: categorize(choice.color ?? choice.group, options),
    ...(detail ? { detail } : {}),
    ...(theme ? { theme } : {}),
  });
  if (file !== undefined) {
    writeFileAtomic(resolve(root, file), content);
  }
  return { format, content, tables: tables.length, ...(file === undefined ? {} : { file }) };
}

const ENDINGS: Readonly<Record<string, ErdFormat>> = {
  mmd: 'mermaid',
  mermaid: 'mermaid',
  dbml: 'dbml',
  puml: 'plantuml',
  plantuml: 'plantuml',
  dot: 'dot',
  gv: 'dot',
  svg: 'svg',
  png: 'png',
};

function formatOfFile(file: string | undefined): ErdFormat | undefined {
  return ENDINGS[file?.split('.').at(-1)?.toLowerCase() ?? ''];
}
