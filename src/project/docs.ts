/** Documents and types of the project's databases, from what they are now. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readSchema } from '../catalog/index.js';
import { readDataClassification } from '../config/index.js';
import { readText, writeFileAtomic } from '../core/index.js';
import { type Session, withSession } from '../database/index.js';
import {
  type DictionaryExtras,
  DOCS_ERRORS,
  dictionaryPages,
  generatedTypes,
  mergeModels,
  readRowEstimates,
  renderErd,
  type StaleDocument,
  staleDocuments,
  type TypeOptions,
  type TypeStyle,
  writeDocuments,
} from '../docs/index.js';
import type { SchemaModel } from '../schema/index.js';
import type { ProjectContext } from './context.js';
import { chosenTargets, type TargetChoice } from './migrations.js';

/** The databases of every target are documented together; with `target`, that one's alone. */
export interface DocsChoice extends TargetChoice {
  /** Where the documents are, from the project's root; what `docs.folder` of plinth.yaml says unless told. */
  readonly folder?: string;
  /** Tell about how many rows each table has. They change from day to day: not for documents under version control. */
  readonly rowEstimates?: boolean;
}

export interface DocsReport {
  readonly folder: string;
  /** How many documents there are. */
  readonly documents: number;
  /** What was not as the database gives it. */
  readonly stale: readonly StaleDocument[];
}

export interface TypesChoice extends TargetChoice, Pick<TypeOptions, 'brandedIds' | 'bigints'> {
  readonly style?: TypeStyle;
  /** The file to write, from the project's root; none unless told here or by `types.file` of plinth.yaml. */
  readonly file?: string;
  /** Compare the file instead of writing it. */
  readonly check?: boolean;
}

export interface TypesReport {
  readonly text: string;
  /** The file that was written or compared. */
  readonly file?: string;
  /** It was not as the database gives it. */
  readonly isStale?: boolean;
}

export interface DocsCalls {
  readonly docs: {
    /** Writes the dictionary, the pages of the tables and the diagrams; pages of tables that are gone are removed. */
    build(choice?: DocsChoice): Promise<DocsReport>;
    /** Compares them with the database, and writes nothing. */
    check(choice?: DocsChoice): Promise<DocsReport>;
  };
  /** The TypeScript types of the databases' tables and views. */
  types(choice?: TypesChoice): Promise<TypesReport>;
}

export function docsCalls(context: ProjectContext): DocsCalls {
  return {
    docs: {
      build: (choice = {}) => withDocuments(context, choice, writeDocuments),
      check: (choice = {}) => withDocuments(context, choice, staleDocuments),
    },
    types: async (choice = {}) => {
      const { file: settled, json, ...settings } = context.config.settings.types;
      const { model } = await readDatabases(context, choice);
      const { target: _, check, file = settled, ...options } = choice;
      const text = generatedTypes(model, { ...settings, ...options, json: jsonTypes(json) });
      return file === undefined ? { text } : { text, ...bringUpToDate(context, file, text, check ?? false) };
    },
  };
}

async function withDocuments(
  context: ProjectContext,
  choice: DocsChoice,
  work: (folder: string, documents: ReadonlyMap<string, string>) => StaleDocument[],
): Promise<DocsReport> {
  const { root, settings } = context.config;
  const folder = choice.folder ?? settings.docs.folder;
  const { model, rowEstimates } = await readDatabases(context, choice);
  const classification = readDataClassification(root);
  const extras: DictionaryExtras = {
    ...(classification.size > 0 ? { classification } : {}),
    ...(choice.rowEstimates ? { rowEstimates } : {}),
  };
  const documents = new Map([
    ...dictionaryPages(model, extras),
    ...(await diagrams(model, settings.project)),
  ]);
  return { folder, documents: documents.size, stale: work(join(root, folder), documents) };
}

/** The diagrams of the whole, as text that a change can be read from. */
const DIAGRAMS = [
  ['erd/schema.mmd', 'mermaid', 'light'],
  ['erd/schema.dbml', 'dbml', 'light'],
  ['erd/schema.puml', 'plantuml', 'light'],
  ['erd/schema.dot', 'dot', 'light'],
  ['erd/schema.svg', 'svg', 'light'],
  ['erd/schema-dark.svg', 'svg', 'dark'],
] as const;

async function diagrams(model: SchemaModel, title: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const [path, format, theme] of DIAGRAMS) {
    files.set(path, await renderErd(model, { format, theme, title }));
  }
  return files;
}

interface DatabasesRead {
  readonly model: SchemaModel;
  readonly rowEstimates: ReadonlyMap<string, number>;
}

/** The databases of the chosen targets, each read once, as one. @throws DOCS_NOTHING_TO_DOCUMENT */
async function readDatabases(context: ProjectContext, choice: DocsChoice): Promise<DatabasesRead> {
  const targets = chosenTargets(context, choice);
  const databases = new Map<string, Awaited<ReturnType<typeof context.databaseOf>>>();
  for (const target of targets) {
    const database = await context.databaseOf(target);
    databases.set(database.displayUrl, database);
  }
  const models: SchemaModel[] = [];
  const estimates: (readonly [string, number])[] = [];
  for (const database of databases.values()) {
    await withSession(database, async (session) => {
      models.push(await readModel(context, session));
      estimates.push(...(choice.rowEstimates ? await readRowEstimates(session) : []));
    });
  }
  const [first, ...others] = models;
  const model = mergeModels([first!, ...others]);
  if (model.tables.length + model.views.length === 0) {
    throw DOCS_ERRORS.NOTHING_TO_DOCUMENT({
      message: `Cannot document ${targets.join(', ')}: there is no table and no view (at least one was wanted)`,
      details: { targets },
    });
  }
  return { model, rowEstimates: new Map(estimates) };
}

function readModel({ onProgress, signal }: ProjectContext, session: Session): Promise<SchemaModel> {
  return readSchema(session, { onProgress, ...(signal ? { signal } : {}) });
}

function bringUpToDate({ config }: ProjectContext, file: string, text: string, onlyCheck: boolean) {
  const path = join(config.root, file);
  const isStale = !existsSync(path) || readText(path).replaceAll('\r\n', '\n') !== text;
  if (isStale && !onlyCheck) {
    writeFileAtomic(path, text);
  }
  return { file, isStale };
}

/** `./settings.js#CustomerSettings` as a module and the name of a type. */
function jsonTypes(declared: Readonly<Record<string, string>>): NonNullable<TypeOptions['json']> {
  return new Map(
    Object.entries(declared).map(([column, place]) => {
      const [from, type] = place.split('#');
      return [column, { from: from!, type: type! }];
    }),
  );
}
