import type { Entity } from '../dictionary/dictionary.js';
import { nameKey } from '../erd/name-key.js';
import { inlinePicture } from '../erd/picture/inline-svg.js';
import { uniqueAnchors } from './anchors.js';
import type { EntityGroup } from './groups.js';
import { type Html, html, trusted } from './html.js';
import { shell } from './shell.js';
import type { Site } from './site.js';
import { table } from './table.js';
import { counted, inline, paragraphs } from './text.js';

/** The first page: what there is, how it hangs together, and every table with what it holds. */
export function overviewPage(site: Site): string {
  const { title, groups } = site;
  const anchors = uniqueAnchors(groups.map(({ name }) => `group-${name}`));
  return shell({ site, title, root: '' }, [
    html`<h1>${title}</h1>
${counts(site)}
${groups.length > 1 && html`<p class="jump">${groups.map(({ name }, index) => html`<a href="#${anchors[index]}">${name}</a> `)}</p>`}
${diagram(site)}
${groups.map((group, index) => groupSection(group, anchors[index]!, site))}
${site.hasObjects && html`<p><a href="objects.html">Types and functions</a></p>`}`,
  ]);
}

function counts({ dictionary, drawing }: Site): Html {
  const entities = dictionary.schemas.flatMap((schema) => schema.entities);
  const fields = entities.flatMap((entity) => entity.fields);
  const views = entities.filter(isView).length;
  const described = fields.filter(({ meaning }) => meaning !== undefined).length;
  return html`<p class="counts">${[
    counted(entities.length - views, 'table'),
    ...(views > 0 ? [counted(views, 'view')] : []),
    counted(drawing.diagram.relations.length, 'relation'),
    counted(fields.length, 'column'),
    `${fields.length === 0 ? 0 : Math.floor((described * 100) / fields.length)}\u00a0% of them described`,
  ].join(' · ')}</p>`;
}

function isView({ kind }: Entity): boolean {
  return kind === 'view' || kind === 'materialized view';
}

/** The links of the picture are in the lists below, too: going through them by keyboard is done there. */
function diagram({ drawing, pages }: Site): Html | false {
  const { picture, colouring } = drawing;
  return (
    picture.boxes.length > 0 &&
    html`<section class="whole" aria-label="Diagram">
<div class="tools" hidden>
<button type="button" data-zoom="out" aria-label="Smaller">−</button>
<button type="button" data-zoom="in" aria-label="Larger">+</button>
<button type="button" data-zoom="fit">Fit</button>
<button type="button" data-zoom="full">Full screen</button>
</div>
<div class="view" tabindex="0" role="region" aria-label="Diagram of all tables; they are listed below, too">
${trusted(
  inlinePicture(picture, {
    label: 'All tables and the relations between them',
    colouring,
    hrefOf: (key) => pages.get(key),
    skipLinks: true,
  }),
)}
</div>
</section>`
  );
}

function groupSection(
  { name, meaning, entities }: EntityGroup,
  anchor: string,
  { pages, isQualified }: Site,
): Html {
  const list = table(
    entities,
    [
      {
        title: 'Table',
        isHeading: true,
        cell: (entity) =>
          html`<a href="${pages.get(nameKey(entity))}">${isQualified && entity.schema !== name ? `${entity.schema}.` : ''}${entity.name}</a>${entity.kind !== 'table' && html` <small>${entity.kind}</small>`}`,
      },
      {
        title: 'Rows',
        cell: ({ rowEstimate }) =>
          rowEstimate !== undefined && html`<span class="number">≈ ${rowEstimate}</span>`,
      },
      { title: 'Columns', cell: ({ fields }) => html`<span class="number">${fields.length}</span>` },
      { title: 'What it holds', cell: (entity) => inline(entity.meaning ?? '') },
    ],
    { caption: `Tables of ${name}` },
  );
  return html`<section>
<h2 id="${anchor}">${name}</h2>
${paragraphs(meaning)}
${list}
</section>`;
}
