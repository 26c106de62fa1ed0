/** One diagram in one format. */
import type { QualifiedName, SchemaModel } from '../../schema/index.js';
import { bySchema, type ColourBy, colouringOf } from './colour.js';
import { dbmlOf } from './dbml.js';
import { type Diagram, diagramOf } from './diagram.js';
import { dotOf } from './dot.js';
import { mermaidOf } from './mermaid.js';
import type { Detail } from './picture/box.js';
import { pictureOf } from './picture/picture.js';
import { pngOf } from './picture/png.js';
import { svgOf } from './picture/svg.js';
import { THEMES, type ThemeName } from './picture/theme.js';
import { plantumlOf } from './plantuml.js';

export type ErdTextFormat = 'mermaid' | 'dbml' | 'plantuml' | 'dot' | 'svg';
export type ErdFormat = ErdTextFormat | 'png';

export interface ErdOptions<Format extends ErdFormat = ErdFormat> {
  readonly format: Format;
  /** Stands above the diagram. */
  readonly title: string;
  /** The tables to show, with the relations among them; all unless given. Partitions are part of their table. */
  readonly tables?: readonly QualifiedName[];
  /** Names the category that a table's colour stands for; its schema unless given. SVG, PNG and DOT. */
  readonly colourBy?: ColourBy;
  /**
   * What SVG and PNG show of a table: all columns where they are 400 at most, the columns of keys where the
   * tables are 120 at most, else names; unless given. The other formats always have all columns.
   */
  readonly detail?: Detail;
  /** The colours of SVG and PNG; `light` unless given. */
  readonly theme?: ThemeName;
}

/**
 * Draws the tables of a model and the relations between them. The same model and options give the same bytes.
 *
 * @example const svg = await renderErd(model, { format: 'svg', title: 'Operational database' });
 * @throws DOCS_LAYOUT_FAILED when a picture's tables cannot be placed
 */
export function renderErd(model: SchemaModel, options: ErdOptions<'png'>): Promise<Uint8Array>;
export function renderErd(model: SchemaModel, options: ErdOptions<ErdTextFormat>): Promise<string>;
export function renderErd(model: SchemaModel, options: ErdOptions): Promise<string | Uint8Array>;
export async function renderErd(model: SchemaModel, options: ErdOptions): Promise<string | Uint8Array> {
  const { format, title, colourBy = bySchema } = options;
  const diagram = diagramOf(model, options.tables);
  switch (format) {
    case 'mermaid':
      return mermaidOf(diagram, title);
    case 'dbml':
      return dbmlOf(model, diagram, title);
    case 'plantuml':
      return plantumlOf(diagram, title);
    case 'dot':
      return dotOf(diagram, title, colourBy);
    case 'svg':
      return await drawing(diagram, options);
    case 'png':
      return await pngOf(await drawing(diagram, options));
  }
}

async function drawing(diagram: Diagram, options: ErdOptions): Promise<string> {
  const { title, colourBy = bySchema, detail = detailOf(diagram), theme = 'light' } = options;
  return svgOf(pictureOf(await graphviz(), diagram, detail), {
    title,
    subtitle: subtitleOf(diagram, detail),
    colouring: colouringOf(diagram.entities, colourBy),
    theme: THEMES[theme],
  });
}

/** What still can be read on a screen. */
const MOST_COLUMNS = 400;
const MOST_TABLES_WITH_KEYS = 120;

function detailOf({ entities }: Diagram): Detail {
  const columns = entities.reduce((count, entity) => count + entity.columns.length, 0);
  return columns <= MOST_COLUMNS ? 'columns' : entities.length <= MOST_TABLES_WITH_KEYS ? 'keys' : 'names';
}

const SHOWN = { columns: '', keys: ' · keys only', names: ' · names only' } as const;

function subtitleOf({ entities, relations }: Diagram, detail: Detail): string {
  const tables = entities.length === 1 ? '1 table' : `${entities.length} tables`;
  const lines = relations.length === 1 ? '1 relation' : `${relations.length} relations`;
  return `${tables} · ${lines}${SHOWN[detail]}`;
}

/** Loaded with the first picture: its WebAssembly takes a moment. */
async function graphviz() {
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz');
  return await Graphviz.load();
}
