/** One diagram in one format. */
import type { QualifiedName, SchemaModel } from '../../schema/index.js';
import { bySchema, type Categorize } from './categorize.js';
import { dbmlOf } from './dbml.js';
import { diagramOf } from './diagram.js';
import { dotOf } from './dot.js';
import { drawingOf, drawingSvg } from './drawing.js';
import { mermaidOf } from './mermaid.js';
import type { Detail } from './picture/box.js';
import { pngOf } from './picture/png.js';
import type { ThemeName } from './picture/theme.js';
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
  readonly colourBy?: Categorize;
  /** Names the part of the diagram that a table stands in; its schema unless given. SVG, PNG, DOT and PlantUML. */
  readonly groupBy?: Categorize;
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
  const { format, title, colourBy = bySchema, theme = 'light' } = options;
  const diagram = diagramOf(model, options.tables, options.groupBy);
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
      return drawingSvg(await drawingOf(diagram, options), theme);
    case 'png':
      return await pngOf(drawingSvg(await drawingOf(diagram, options), theme));
  }
}
