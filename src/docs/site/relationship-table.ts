import type { Entity, Relationship } from '../dictionary/dictionary.js';
import { relationshipTerms } from '../dictionary/relationship-terms.js';
import { type Html, html } from './html.js';
import { table } from './table.js';
import { code, inline } from './text.js';

type LinkTo = (schema: string, name: string) => string | undefined;

/** The foreign keys of a table and those that lead to it; nothing where there are none. */
export function relationshipTable({ references, referencedBy }: Entity, linkTo: LinkTo): Html | undefined {
  if (references.length + referencedBy.length === 0) {
    return undefined;
  }
  const common = [
    { title: 'Terms', cell: (relationship: Relationship) => relationshipTerms(relationship).join(', ') },
    { title: 'Meaning', cell: ({ meaning }: Relationship) => inline(meaning ?? '') },
    { title: 'Name', cell: ({ name }: Relationship) => code(name) },
  ];
  const outgoing = table(
    references,
    [
      { title: 'Column', isHeading: true, cell: ({ from }) => code(from.fields.join(', ')) },
      { title: 'Refers to', cell: ({ to }) => html`${tableLink(to, linkTo)} ${code(to.fields.join(', '))}` },
      ...common,
    ],
    { caption: 'Refers to' },
  );
  const incoming = table(
    referencedBy,
    [
      { title: 'Table', isHeading: true, cell: ({ from }) => tableLink(from, linkTo) },
      { title: 'Column', cell: ({ from }) => code(from.fields.join(', ')) },
      ...common,
    ],
    { caption: 'Referred to by' },
  );
  return html`${
    outgoing !== undefined &&
    html`<h3>Refers to</h3>
${outgoing}`
  }
${
  incoming !== undefined &&
  html`<h3>Referred to by</h3>
${incoming}`
}`;
}

function tableLink({ schema, table }: Relationship['to'], linkTo: LinkTo): Html {
  const href = linkTo(schema, table);
  const label = `${schema}.${table}`;
  return href === undefined ? code(label) : html`<a href="${href}">${label}</a>`;
}
