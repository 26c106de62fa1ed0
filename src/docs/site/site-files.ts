/** The documents as a static site: one folder that opens from a disk, with nothing fetched from anywhere. */
import { readPackageFile } from '../../core/index.js';
import type { Entity } from '../dictionary/dictionary.js';
import { nameKey } from '../erd/name-key.js';
import { starsOf } from '../erd/picture/star.js';
import { entityPage } from './entity-page.js';
import { entityGroups } from './groups.js';
import { objectsPage } from './objects-page.js';
import { overviewPage } from './overview-page.js';
import { searchData } from './search-data.js';
import type { Site, SiteSource } from './site.js';

/** The files of the site by their paths inside its folder. Equal sources give equal bytes. */
export function siteFiles(source: SiteSource): ReadonlyMap<string, string> {
  const { schemas } = source.dictionary;
  const entities = schemas.flatMap((schema) => schema.entities);
  const site: Site = {
    ...source,
    groups: entityGroups(source),
    isQualified: new Set(entities.map(({ schema }) => schema)).size > 1,
    pages: new Map(entities.map((entity) => [nameKey(entity), pageOf(entity)])),
    starOf: starsOf(source.drawing.diagram),
    hasObjects: schemas.some(({ types, routines }) => types.length + routines.length > 0),
  };
  return new Map([
    ['index.html', overviewPage(site)],
    ...(site.hasObjects ? [['objects.html', objectsPage(site)] as const] : []),
    ...entities.map((entity) => [pageOf(entity), entityPage(entity, site)] as const),
    ['assets/data.js', searchData(site)],
    ['assets/theme.js', asset('theme.js')],
    ['assets/site.js', SCRIPTS.map(asset).join('\n')],
    ['assets/site.css', asset('site.css')],
  ]);
}

/** Classic scripts, one after another: a page that is opened from a disk may load no modules. */
const SCRIPTS = ['navigation.js', 'search.js', 'diagram.js'];

function asset(name: string): string {
  return readPackageFile(`src/docs/site/assets/${name}`);
}

/** The same name as that of the Markdown page. */
function pageOf({ page }: Entity): string {
  return page.replace(/\.md$/, '.html');
}
