import type { Entity } from '../dictionary/dictionary.js';
import { shortType } from '../dictionary/expression.js';
import { nameKey } from '../erd/name-key.js';
import { columnAnchors, objectAnchors } from './anchors.js';
import type { Site } from './site.js';

/**
 * What the list of tables and the search are made from, as a script: a page that is opened from a disk may read no
 * other file. Lists instead of objects keep it small.
 */
export function searchData(site: Site): string {
  const groups = site.groups.map(({ name, entities }) => {
    const isOneSchema = new Set(entities.map(({ schema }) => schema)).size === 1;
    return [name, entities.map((entity) => tableData(entity, site, isOneSchema))];
  });
  const objects = objectAnchors(site.dictionary).map(({ kind, name, meaning, anchor }) => [
    `objects.html#${anchor}`,
    name,
    kind,
    meaning ?? '',
  ]);
  return `window.plinthDocs = ${asScript({ groups, objects })};\n`;
}

/** `isOneSchema`: the tables of its group are of one schema, and are listed without it. */
function tableData(entity: Entity, { pages, isQualified }: Site, isOneSchema: boolean): readonly unknown[] {
  const label = isQualified ? `${entity.schema}.${entity.name}` : entity.name;
  const anchors = columnAnchors(entity);
  return [
    pages.get(nameKey(entity))!,
    label,
    isOneSchema ? entity.name : label,
    entity.kind,
    entity.meaning ?? '',
    entity.fields.map((field, index) => [
      field.name,
      shortType(field.type),
      field.meaning ?? '',
      anchors[index]!,
    ]),
  ];
}

/** JSON that a script can hold, wherever it stands. */
function asScript(data: unknown): string {
  return JSON.stringify(data).replaceAll(
    /[<>\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
