/** Writing values inside the text of other values: arrays, composite types, ranges. */

/** `{a,"b c",NULL}`: an array's text. */
export function arrayText(elements: readonly (string | null)[]): string {
  return `{${elements.map((element) => (element === null ? 'NULL' : quoted(element))).join(',')}}`;
}

/** `(a,"b c",)`: a composite value's text. */
export function compositeText(attributes: readonly (string | null)[]): string {
  return `(${attributes.map((attribute) => (attribute === null ? '' : quoted(attribute))).join(',')})`;
}

/** `[a,b)`: a range's text. */
export function rangeText(lower: string, upper: string): string {
  return `[${quoted(lower)},${quoted(upper)})`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
