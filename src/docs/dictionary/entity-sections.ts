/** What is said of one table, in the dictionary and on its own page alike. */

import { markdownTable } from '../markdown/table.js';
import { code, inlineText, link } from '../markdown/text.js';
import type { Entity, Field, IndexEntry, Relationship } from './dictionary.js';
import { readableExpression, shortType } from './expression.js';
import { relationshipTerms } from './relationship-terms.js';
import { checksBelow, checksInCell } from './shown-checks.js';

/** The target of a link to a table, or nothing where it is not in these documents. */
export type LinkTo = (schema: string, name: string) => string | undefined;

/** The table of the fields. `isClassified` adds the column of classes. */
export function fieldTable(entity: Entity, isClassified: boolean): string {
  return markdownTable(
    ['field', 'type', 'null', 'constraints', 'default', 'example', isClassified ? 'class' : '', 'meaning'],
    entity.fields.map((field) => [
      code(field.name),
      code(shortType(field.type)),
      field.nullable ? 'yes' : 'no',
      constraintsText(field, entity),
      defaultText(field),
      field.example === undefined ? '' : code(field.example),
      field.classification ?? '',
      inlineText(field.meaning ?? ''),
    ]),
  );
}

function constraintsText(field: Field, { primaryKey }: Entity): string {
  const keyLength = primaryKey?.fields.length ?? 0;
  const position = field.primaryKeyPosition;
  return [
    ...(position === undefined
      ? []
      : [keyLength > 1 ? `primary key ${position}/${keyLength}` : 'primary key']),
    ...(field.unique ? ['unique'] : []),
    ...field.references.map((target) => `→ ${code(target)}`),
    ...(field.identity ? [`identity ${field.identity}`] : []),
    ...checksInCell(field).map(code),
  ].join(', ');
}

function defaultText({ default: value, generated }: Field): string {
  if (generated) {
    const virtual = generated.storage === 'virtual' ? ' (virtual)' : '';
    return `always ${code(readableExpression(generated.expression))}${virtual}`;
  }
  return value === undefined ? '' : code(readableExpression(value));
}

/** Keys, and the checks that the fields' table has no room for. */
export function ruleList(entity: Entity): string {
  const names = (fields: readonly string[]) => code(fields.join(', '));
  const meaning = (text: string | undefined) => (text === undefined ? '' : `: ${inlineText(text)}`);
  return [
    ...(entity.primaryKey
      ? [`- Primary key ${names(entity.primaryKey.fields)}${meaning(entity.primaryKey.meaning)}`]
      : []),
    ...entity.uniqueKeys.map((key) => `- Unique ${names(key.fields)}${meaning(key.meaning)}`),
    ...checksBelow(entity).map(
      (check) => `- Check ${code(readableExpression(check.expression))}${meaning(check.meaning)}`,
    ),
    ...entity.exclusions.map((each) => `- ${code(each.definition)}${meaning(each.meaning)}`),
  ].join('\n');
}

/** The foreign keys of the table and those that lead to it, as two lists. */
export function relationshipLists(entity: Entity, linkTo: LinkTo): string {
  const outgoing = entity.references.map((relationship) => outgoingText(relationship, linkTo));
  const incoming = entity.referencedBy.map((relationship) => incomingText(relationship, linkTo));
  return [
    ...(outgoing.length === 0 ? [] : [`Refers to\n\n${outgoing.join('\n')}`]),
    ...(incoming.length === 0 ? [] : [`Referred to by\n\n${incoming.join('\n')}`]),
  ].join('\n\n');
}

function outgoingText(relationship: Relationship, linkTo: LinkTo): string {
  const { from, to } = relationship;
  const end = `${tableLink(to, linkTo)} ${code(to.fields.join(', '))}`;
  return `- ${code(from.fields.join(', '))} → ${end}${terms(relationship)}`;
}

function incomingText(relationship: Relationship, linkTo: LinkTo): string {
  const { from } = relationship;
  return `- ${tableLink(from, linkTo)} ${code(from.fields.join(', '))}${terms(relationship)}`;
}

function tableLink({ schema, table }: Relationship['to'], linkTo: LinkTo): string {
  const target = linkTo(schema, table);
  return target === undefined ? code(`${schema}.${table}`) : link(`${schema}.${table}`, target);
}

function terms(relationship: Relationship): string {
  const { meaning } = relationship;
  return `: ${relationshipTerms(relationship).join(', ')}${meaning === undefined ? '' : `. ${inlineText(meaning)}`}`;
}

/** The indexes with the queries that they serve. */
export function indexTable({ indexes }: Entity): string {
  return indexes.length === 0
    ? ''
    : markdownTable(
        ['index', 'on', 'kind', 'serves'],
        indexes.map((index) => [
          code(index.name),
          indexedText(index),
          indexKind(index),
          inlineText(index.serves ?? ''),
        ]),
      );
}

function indexedText({ keys, include, predicate }: IndexEntry): string {
  return [
    code(keys.join(', ')),
    ...(include ? [`with ${code(include.join(', '))}`] : []),
    ...(predicate === undefined ? [] : [`where ${code(readableExpression(predicate))}`]),
  ].join(' ');
}

function indexKind({ constraint, unique, method }: IndexEntry): string {
  const kind = constraint ?? (unique ? 'unique' : '');
  return [kind, ...(method === 'btree' ? [] : [method])].filter((word) => word !== '').join(', ');
}
