/** A diagram with its picture: placed once, and then written in as many colours and formats as are wanted. */
import { bySchema, type Categorize } from './categorize.js';
import { type Colouring, colouringOf } from './colour.js';
import type { Diagram } from './diagram.js';
import type { Detail } from './picture/box.js';
import { type Picture, pictureOf } from './picture/picture.js';
import { svgOf } from './picture/svg.js';
import { THEMES, type ThemeName } from './picture/theme.js';

export interface Drawing {
  readonly title: string;
  readonly diagram: Diagram;
  readonly picture: Picture;
  readonly colouring: Colouring;
}

export interface DrawingOptions {
  readonly title: string;
  readonly colourBy?: Categorize | undefined;
  readonly detail?: Detail | undefined;
}

/** @throws DOCS_LAYOUT_FAILED */
export async function drawingOf(diagram: Diagram, options: DrawingOptions): Promise<Drawing> {
  const { title, colourBy = bySchema, detail = detailOf(diagram) } = options;
  return {
    title,
    diagram,
    picture: pictureOf(await graphviz(), diagram, detail),
    colouring: colouringOf(diagram.entities, colourBy),
  };
}

/** The drawing as an SVG document of its own. */
export function drawingSvg({ title, diagram, picture, colouring }: Drawing, theme: ThemeName): string {
  return svgOf(picture, {
    title,
    subtitle: subtitleOf(diagram, picture.detail),
    colouring,
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
