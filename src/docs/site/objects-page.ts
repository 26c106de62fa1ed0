import type { DictionarySchema } from '../dictionary/dictionary.js';
import { shortType } from '../dictionary/expression.js';
import { objectAnchors } from './anchors.js';
import { type Html, html } from './html.js';
import { shell } from './shell.js';
import type { Site } from './site.js';
import { table } from './table.js';
import { code, inline } from './text.js';

/** The page of what is neither table nor view: types with what they are made of, and functions. */
export function objectsPage(site: Site): string {
  const title = 'Types and functions';
  const anchors = objectAnchors(site.dictionary).map(({ anchor }) => anchor);
  let place = 0;
  const next = (): string => anchors[place++]!;
  return shell({ site, title, root: '', current: 'objects.html' }, [
    html`<h1>${title}</h1>
${site.dictionary.schemas.map((schema) => schemaSections(schema, next))}`,
  ]);
}

/** `next` gives the anchor of each object, in the order in which they are told. */
function schemaSections(schema: DictionarySchema, next: () => string): readonly Html[] {
  const { name } = schema;
  const types = schema.types.map((type) => ({ ...type, anchor: next() }));
  const routines = schema.routines.map((routine) => ({ ...routine, anchor: next() }));
  const section = (title: string, content: Html | undefined) =>
    content === undefined
      ? []
      : [
          html`<section><h2>${title}</h2>
${content}</section>`,
        ];
  return [
    ...section(
      `Types of ${name}`,
      table(
        types,
        [
          { title: 'Type', isHeading: true, cell: (type) => code(type.name) },
          { title: 'Kind', cell: ({ kind }) => kind },
          { title: 'Made of', cell: ({ definition }) => code(shortType(definition)) },
          { title: 'Meaning', cell: ({ meaning }) => inline(meaning ?? '') },
        ],
        { caption: `Types of ${name}`, idOf: ({ anchor }) => anchor },
      ),
    ),
    ...section(
      `Functions of ${name}`,
      table(
        routines,
        [
          { title: 'Function', isHeading: true, cell: ({ signature }) => code(signature) },
          { title: 'Kind', cell: ({ kind }) => (kind === 'function' ? '' : kind) },
          { title: 'Gives', cell: ({ result }) => result !== undefined && code(shortType(result)) },
          { title: 'Meaning', cell: ({ meaning }) => inline(meaning ?? '') },
        ],
        { caption: `Functions of ${name}`, idOf: ({ anchor }) => anchor },
      ),
    ),
  ];
}
