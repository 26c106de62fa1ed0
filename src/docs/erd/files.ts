import type { SchemaModel } from '../../schema/index.js';
import { bySchema, type Categorize } from './categorize.js';
import { dbmlOf } from './dbml.js';
import { dotOf } from './dot.js';
import { type Drawing, drawingSvg } from './drawing.js';
import { mermaidOf } from './mermaid.js';
import { pngOf } from './picture/png.js';
import { plantumlOf } from './plantuml.js';

export interface ErdFile {
  /** The file's name, without a folder. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

export interface ErdFileOptions {
  /** What the files are called, without their endings. */
  readonly name: string;
  readonly colourBy?: Categorize;
  /** The file of that name from the last time: a PNG of the same picture is taken as it is. */
  readonly present?: ((name: string) => Uint8Array | undefined) | undefined;
}

/**
 * A drawing of a model as files for a folder of documentation: Mermaid, DBML, PlantUML, DOT, SVG for light and dark
 * pages, PNG.
 */
export async function erdFiles(
  model: SchemaModel,
  drawing: Drawing,
  { name, colourBy = bySchema, present }: ErdFileOptions,
): Promise<readonly ErdFile[]> {
  const { diagram, title } = drawing;
  const svg = drawingSvg(drawing, 'light');
  const png = pngOf(svg, present?.(`${name}.png`));
  return [
    { name: `${name}.mmd`, content: mermaidOf(diagram, title) },
    { name: `${name}.dbml`, content: dbmlOf(model, diagram, title) },
    { name: `${name}.puml`, content: plantumlOf(diagram, title) },
    { name: `${name}.dot`, content: dotOf(diagram, title, colourBy) },
    { name: `${name}.svg`, content: svg },
    { name: `${name}-dark.svg`, content: drawingSvg(drawing, 'dark') },
    { name: `${name}.png`, content: await png },
  ];
}
