import { type Filling, type Html, html } from './html.js';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Filling;
  /** Its cells name their rows. */
  readonly isHeading?: boolean;
}

export interface TableOptions<Row> {
  /** What the table tells, for those who hear it. */
  readonly caption: string;
  /** The anchor of a row. */
  readonly idOf?: (row: Row) => string;
}

/**
 * A table; columns without any content are left out. The titles go with every cell too, because a narrow screen shows
 * each row as a card.
 */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { caption, idOf }: TableOptions<Row>,
): Html | undefined {
  if (rows.length === 0) {
    return undefined;
  }
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const shown = columns.flatMap((column, index) =>
    cells.some((row) => !isEmpty(row[index])) ? [{ ...column, index }] : [],
  );
  return html`<div class="table" role="region" tabindex="0" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${shown.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
${cells.map(
  (row, place) => html`<tr${idOf && html` id="${idOf(rows[place]!)}"`}>${shown.map(
    ({ title, index, isHeading }) =>
      isHeading
        ? html`<th scope="row">${row[index]}</th>`
        : isEmpty(row[index])
          ? html`<td class="none"></td>`
          : html`<td data-title="${title}">${row[index]}</td>`,
  )}</tr>
`,
)}</tbody>
</table></div>`;
}

function isEmpty(filling: Filling): boolean {
  return Array.isArray(filling)
    ? filling.every(isEmpty)
    : filling === undefined || filling === false || filling === '' || String(filling) === '';
}
