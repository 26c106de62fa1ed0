/** Documents and types of the project's databases, from what they are now. */
import { existsSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { readDataClassification } from '../config/index.js';
import { readText, writeFileAtomic } from '../core/index.js';
import {
  type DictionaryExtras,
  type Documents,
  documentsOf,
  generatedTypes,
  presentDocument,
  type StaleDocument,
  staleDocuments,
  type TypeOptions,
  type TypeStyle,
  writeDocuments,
} from '../docs/index.js';
import type { ProjectContext } from './context.js';
import { type Erd, type ErdChoice, erdOf } from './erd.js';
import type { TargetChoice } from './migrations.js';
import { readDatabases } from './read-databases.js';

/** The databases of every target are documented together; with `target`, that one's alone. */
export interface DocsChoice extends TargetChoice {
  /** Where the documents are, from the project's root; what `docs.folder` of plinth.yaml says unless told. */
  readonly folder?: string;
  /** Where the static site is, from the project's root; what `docs.site` says unless told, and none without that. */
  readonly site?: string;
  /** Tell about how many rows each table has. They change from day to day: not for documents under version control. */
  readonly rowEstimates?: boolean;
}

export interface DocsReport {
  readonly folder: string;
  readonly site?: string;
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
    /** Writes the dictionary, the pages of the tables, the diagrams and the site; pages of tables that are gone are removed. */
    build(choice?: DocsChoice): Promise<DocsReport>;
    /** Compares them with the database, and writes nothing. */
    check(choice?: DocsChoice): Promise<DocsReport>;
  };
  /** A diagram of the databases' tables. */
  erd(choice?: ErdChoice): Promise<Erd>;
  /** The TypeScript types of the databases' tables and views. */
  types(choice?: TypesChoice): Promise<TypesReport>;
}

export function docsCalls(context: ProjectContext): DocsCalls {
  return {
    docs: {
      build: (choice = {}) => withDocuments(context, choice, writeDocuments),
      check: (choice = {}) => withDocuments(context, choice, staleDocuments),
    },
    erd: (choice = {}) => erdOf(context, choice),
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
  work: (folder: string, documents: Documents) => StaleDocument[],
): Promise<DocsReport> {
  const { root, settings } = context.config;
  const { folder = settings.docs.folder, site = settings.docs.site } = choice;
  const { model, rowEstimates } = await readDatabases(context, choice, { withRows: choice.rowEstimates });
  const classification = readDataClassification(root);
  const extras: DictionaryExtras = {
    ...(classification.size > 0 ? { classification } : {}),
    ...(choice.rowEstimates ? { rowEstimates } : {}),
  };
  const documents = await documentsOf(model, {
    title: settings.project,
    extras,
    domains: settings.docs.domains,
    ...(site === undefined ? {} : { site: posix.relative(folder, site) }),
    present: (path) => presentDocument(resolve(root, folder), path),
  });
  return {
    folder,
    ...(site === undefined ? {} : { site }),
    documents: documents.size,
    stale: work(resolve(root, folder), documents),
  };
}

function bringUpToDate({ config }: ProjectContext, file: string, text: string, onlyCheck: boolean) {
  const path = resolve(config.root, file);
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
