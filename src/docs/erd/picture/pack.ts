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

/** A place for each rectangle, in their order, `gap` apart. Large ones come first, wherever they are in the list. */
export function pack(rectangles: readonly Rectangle[], gap: number): readonly Place[] {
  const area = rectangles.reduce((sum, { width, height }) => sum + (width + gap) * (height + gap), 0);
  const widest = Math.max(0, ...rectangles.map(({ width }) => width + gap));
  const pageWidth = Math.max(widest, Math.sqrt(area * ASPECT * 1.08));
  const order = rectangles
    .map((_, index) => index)
    .sort((a, b) => {
      return rectangles[b]!.height - rectangles[a]!.height || a - b;
    });
  const places: Place[] = [];
  let skyline: readonly Step[] = [{ x: 0, y: 0, width: pageWidth }];
  for (const index of order) {
    const { width, height } = rectangles[index]!;
    const place = lowestPlace(skyline, width + gap, pageWidth);
    places[index] = place;
    skyline = raised(skyline, { ...place, width: width + gap }, place.y + height + gap);
  }
  return places;
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
