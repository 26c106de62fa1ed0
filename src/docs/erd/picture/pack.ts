/** Puts rectangles on a page, close together and without overlap: the lowest free place first, then the leftmost. */

export interface Rectangle {
  readonly width: number;
  readonly height: number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

interface Step extends Place {
  readonly width: number;
}

/** Pages are this much wider than high, about as screens are. */
const ASPECT = 1.5;

/** The orders that are tried, each large ones first, and the widths of the page in parts of the expected one. */
const SIZES: readonly ((rectangle: Rectangle) => number)[] = [
  ({ height }) => height,
  ({ width, height }) => width * height,
  ({ width }) => width,
];
const WIDTHS = [1, 0.9, 1.1, 1.2, 1.35];
/** With more of them any order fills the page. */
const MOST_TRIED = 60;

/** A place for each rectangle, in their order, `gap` apart. Large ones come first, wherever they are in the list. */
export function pack(rectangles: readonly Rectangle[], gap: number): readonly Place[] {
  const area = rectangles.reduce((sum, { width, height }) => sum + (width + gap) * (height + gap), 0);
  const widest = Math.max(0, ...rectangles.map(({ width }) => width + gap));
  const expected = Math.sqrt(area * ASPECT * 1.08);
  const isTried = rectangles.length > 1 && rectangles.length <= MOST_TRIED;
  const tries = (isTried ? SIZES : SIZES.slice(0, 1)).flatMap((size) => {
    const order = inOrder(rectangles, size);
    const widths = new Set((isTried ? WIDTHS : [1]).map((part) => Math.max(widest, expected * part)));
    return [...widths].map((width) => placed(rectangles, order, gap, width));
  });
  return tries.reduce((best, one) => (one.page < best.page - 0.01 ? one : best)).places;
}

function inOrder(rectangles: readonly Rectangle[], size: (rectangle: Rectangle) => number): number[] {
  return rectangles
    .map((_, index) => index)
    .sort((a, b) => size(rectangles[b]!) - size(rectangles[a]!) || a - b);
}

interface Packing {
  readonly places: readonly Place[];
  /** The width of the page of the wanted shape that holds them. */
  readonly page: number;
}

function placed(
  rectangles: readonly Rectangle[],
  order: readonly number[],
  gap: number,
  pageWidth: number,
): Packing {
  const places: Place[] = [];
  let page = 0;
  let skyline: readonly Step[] = [{ x: 0, y: 0, width: pageWidth }];
  for (const index of order) {
    const { width, height } = rectangles[index]!;
    const place = lowestPlace(skyline, width + gap, pageWidth);
    places[index] = place;
    page = Math.max(page, place.x + width, (place.y + height) * ASPECT);
    skyline = raised(skyline, { ...place, width: width + gap }, place.y + height + gap);
  }
  return { places, page };
}

function lowestPlace(skyline: readonly Step[], width: number, pageWidth: number): Place {
  let best: Place | undefined;
  for (const { x } of skyline) {
    if (x + width <= pageWidth + 0.01) {
      const y = Math.max(...skyline.filter((step) => overlaps(step, x, width)).map((step) => step.y));
      if (best === undefined || y < best.y) {
        best = { x, y };
      }
    }
  }
  return best!;
}

function overlaps(step: Step, x: number, width: number): boolean {
  return step.x < x + width - 0.01 && step.x + step.width > x + 0.01;
}

/** The skyline with a block of that height where the step is. */
function raised(skyline: readonly Step[], block: Step, y: number): readonly Step[] {
  const end = block.x + block.width;
  return [
    ...skyline.flatMap((step) => {
      const stepEnd = step.x + step.width;
      return [
        ...(step.x < block.x ? [{ ...step, width: Math.min(stepEnd, block.x) - step.x }] : []),
        ...(stepEnd > end
          ? [{ x: Math.max(step.x, end), y: step.y, width: stepEnd - Math.max(step.x, end) }]
          : []),
      ];
    }),
    { ...block, y },
  ]
    .filter(({ width }) => width > 0.01)
    .sort((a, b) => a.x - b.x);
}
