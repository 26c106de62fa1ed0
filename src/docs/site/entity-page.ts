import type { Entity, PolicyEntry } from '../dictionary/dictionary.js';
import { shortType } from '../dictionary/expression.js';
import { checksBelow } from '../dictionary/shown-checks.js';
import { nameKey } from '../erd/name-key.js';
import { inlineStar } from '../erd/picture/inline-svg.js';
import { columnTable } from './column-table.js';
import { type Filling, type Html, html, trusted } from './html.js';
import { indexTable } from './index-table.js';
import { relationshipTable } from './relationship-table.js';
import { shell } from './shell.js';
import type { Site } from './site.js';
import { code, counted, expressionCode, inline, listed, paragraphs } from './text.js';

interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Filling;
}

/** The page of one table or view. */
export function entityPage(entity: Entity, site: Site): string {
  const title = `${entity.schema}.${entity.name}`;
  const sections = sectionsOf(entity, site).filter(({ content }) => content !== undefined);
  const current = site.pages.get(nameKey(entity))!;
  return shell({ site, title, root: '../', current }, [
    html`<p class="kind">${kindText(entity)}</p>
<h1><span class="schema">${entity.schema}.</span>${entity.name}</h1>
<div class="meaning">${paragraphs(entity.meaning)}</div>
${facts(entity)}
<p class="jump">${sections.map((section) => html`<a href="#${section.id}">${section.title}</a> `)}</p>
${sections.map(
  ({ id, title, content }) => html`<section>
<h2 id="${id}">${title}</h2>
${content}
</section>
`,
)}`,
  ]);
}

function kindText({ kind, rowEstimate, fields }: Entity): string {
  return [
    kind,
    counted(fields.length, 'column'),
    ...(rowEstimate === undefined ? [] : [`≈ ${counted(rowEstimate, 'row')}`]),
  ].join(' · ');
}

function facts({ partitionBy, inherits, rowSecurity }: Entity): Html | false {
  const told = [
    ...(partitionBy === undefined ? [] : [html`Partitioned by ${code(partitionBy)}.`]),
    ...(inherits ? [html`Inherits from ${listed(inherits.map(code))}.`] : []),
    ...(rowSecurity ? [html`Row-level security is in force.`] : []),
  ];
  return told.length > 0 && html`<p>${told.map((fact) => html`${fact} `)}</p>`;
}

function sectionsOf(entity: Entity, site: Site): readonly Section[] {
  const linkTo = (schema: string, name: string): string | undefined => {
    const page = site.pages.get(nameKey({ schema, name }));
    return page === undefined ? undefined : `../${page}`;
  };
  return [
    {
      id: 'columns',
      title: 'Columns',
      content: columnTable(entity, { linkTo, isClassified: site.isClassified }),
    },
    { id: 'relationships', title: 'Relationships', content: relationships(entity, site, linkTo) },
    { id: 'rules', title: 'Keys and checks', content: rules(entity) },
    { id: 'indexes', title: 'Indexes', content: indexTable(entity) },
    { id: 'policies', title: 'Policies', content: bullets(entity.policies.map(policy)) },
    {
      id: 'triggers',
      title: 'Triggers',
      content: bullets(
        entity.triggers.map(
          ({ name, definition, meaning }) =>
            html`${code(name)}${meaning !== undefined && html`: ${inline(meaning)}`}<br>${code(definition)}`,
        ),
      ),
    },
    {
      id: 'query',
      title: 'Query',
      content:
        entity.definition === undefined
          ? undefined
          : html`<pre tabindex="0"><code>${entity.definition}</code></pre>`,
    },
  ];
}

function relationships(
  entity: Entity,
  { drawing, pages, starOf }: Site,
  linkTo: (schema: string, name: string) => string | undefined,
): Html | undefined {
  const lists = relationshipTable(entity, linkTo);
  if (lists === undefined) {
    return undefined;
  }
  const star = starOf(nameKey(entity));
  const picture =
    star &&
    inlineStar(star, {
      label: `${entity.name} and the tables that it is related to`,
      colouring: drawing.colouring,
      hrefOf: (key) => (pages.has(key) ? `../${pages.get(key)}` : undefined),
    });
  return html`${picture !== undefined && html`<figure tabindex="0" role="region" aria-label="Diagram of the neighbours">${trusted(picture)}</figure>`}
${star !== undefined && star.hidden > 0 && html`<p>${counted(star.hidden, 'more table')} in the list, not in the picture.</p>`}
${lists}`;
}

function rules(entity: Entity): Html | undefined {
  const { primaryKey, uniqueKeys, exclusions } = entity;
  const because = (meaning: string | undefined) => meaning !== undefined && html`: ${inline(meaning)}`;
  return bullets([
    ...(primaryKey
      ? [html`Primary key ${code(primaryKey.fields.join(', '))}${because(primaryKey.meaning)}`]
      : []),
    ...uniqueKeys.map(({ fields, meaning }) => html`Unique ${code(fields.join(', '))}${because(meaning)}`),
    ...checksBelow(entity).map(
      ({ expression, meaning }) => html`Check ${expressionCode(expression)}${because(meaning)}`,
    ),
    ...exclusions.map(({ definition, meaning }) => html`${code(shortType(definition))}${because(meaning)}`),
  ]);
}

function policy({ name, command, roles, restrictive, using, withCheck, meaning }: PolicyEntry): Html {
  return html`${code(name)}, ${restrictive && 'restricting '}${command} for ${listed(roles.map(code))}${using !== undefined && html`, sees ${expressionCode(using)}`}${withCheck !== undefined && html`, writes ${expressionCode(withCheck)}`}${meaning !== undefined && html`. ${inline(meaning)}`}`;
}

function bullets(items: readonly Html[]): Html | undefined {
  return items.length === 0
    ? undefined
    : html`<ul>
${items.map(
  (item) => html`<li>${item}</li>
`,
)}</ul>`;
}
