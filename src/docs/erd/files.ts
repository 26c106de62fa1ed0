import type { SchemaModel } from '../../schema/index.js';
import { type ErdFormat, type ErdOptions, renderErd } from './render.js';

export interface ErdFile {
  /** The file's name, without a folder. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

export interface ErdFilesOptions extends Pick<ErdOptions, 'title' | 'colourBy' | 'tables'> {
  /** What the files are called, without their endings: `operational`. */
  readonly name: string;
}

const FILES: readonly (readonly [ending: string, ErdFormat, Pick<ErdOptions, 'theme'>])[] = [
  ['.mmd', 'mermaid', {}],
  ['.dbml', 'dbml', {}],
  ['.puml', 'plantuml', {}],
  ['.dot', 'dot', {}],
  ['.svg', 'svg', {}],
  ['-dark.svg', 'svg', { theme: 'dark' }],
  ['.png', 'png', {}],
];

/**
 * The diagram of a model as files for a folder of documentation: Mermaid, DBML, PlantUML, DOT, SVG for light and
 * dark pages, PNG.
 *
 * @example const files = await erdFiles(model, { name: 'operational', title: 'Operational database' });
 * @throws DOCS_LAYOUT_FAILED
 */
export async function erdFiles(model: SchemaModel, options: ErdFilesOptions): Promise<readonly ErdFile[]> {
  const { name, ...shown } = options;
  const files: ErdFile[] = [];
  for (const [ending, format, look] of FILES) {
    files.push({ name: `${name}${ending}`, content: await renderErd(model, { ...shown, format, ...look }) });
  }
  return files;
}
