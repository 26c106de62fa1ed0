import type { CompositeType, DataType, Domain, EnumType } from '../../schema/index.js';
import { qualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import { linesInParentheses, lowerKeywords } from './keywords.js';
import { nameOf } from './named.js';

export function createType(type: DataType): string {
  const name = nameOf(type);
  switch (type.kind) {
    case 'enum':
      return `create type ${name} as enum ${enumLabels(type.labels)}`;
    case 'composite type':
      return `create type ${name} as ${linesInParentheses(type.attributes.map(attributeDefinition))}`;
    case 'domain':
      return createDomain(type, name);
    case 'range':
      return `create type ${name} as range ${linesInParentheses([
        `subtype = ${type.subtype}`,
        ...(type.opclass ? [`subtype_opclass = ${type.opclass}`] : []),
        ...(type.collation ? [`collation = ${type.collation}`] : []),
        ...(type.canonical ? [`canonical = ${type.canonical}`] : []),
        ...(type.subtypeDifference ? [`subtype_diff = ${type.subtypeDifference}`] : []),
        `multirange_type_name = ${qualifiedName(type.schema, type.multirange)}`,
      ])}`;
    case 'base type':
      return `create type ${name} ${linesInParentheses([`input = ${type.input}`, `output = ${type.output}`])}`;
  }
}

/** The width that a list of labels may take on one line. */
const LINE_WIDTH = 80;

function enumLabels(labels: readonly string[]): string {
  const quoted = labels.map(quoteLiteral);
  const inOneLine = `(${quoted.join(', ')})`;
  return inOneLine.length <= LINE_WIDTH ? inOneLine : linesInParentheses(quoted);
}

export function attributeDefinition({ name, type, collation }: CompositeType['attributes'][number]): string {
  return `${quoteIdentifier(name)} ${type}${collation ? ` collate ${collation}` : ''}`;
}

function createDomain(domain: Domain, name: string): string {
  return [
    `create domain ${name} as ${domain.baseType}`,
    ...(domain.collation ? [`collate ${domain.collation}`] : []),
    ...(domain.default === undefined ? [] : [`default ${lowerKeywords(domain.default)}`]),
    ...(domain.notNull ? ['not null'] : []),
    ...domain.constraints.filter(({ notValid }) => !notValid).map(domainConstraint),
  ].join('\n  ');
}

export function domainConstraint({ name, definition }: Domain['constraints'][number]): string {
  return `constraint ${quoteIdentifier(name)} ${lowerKeywords(definition)}`;
}

/** Whether the labels of one enum can be had by adding some to the other's. */
export function onlyAddsLabels(then: EnumType, now: EnumType): boolean {
  const old = new Set(then.labels);
  return now.labels.filter((label) => old.has(label)).join('\0') === then.labels.join('\0');
}

/** `add value` for each label that is new, in an order in which each finds its neighbour. */
export function addedLabels(then: EnumType, now: EnumType): string[] {
  const there = new Set(then.labels);
  const name = nameOf(now);
  return now.labels.flatMap((label, place) => {
    if (there.has(label)) {
      return [];
    }
    const before = now.labels.slice(place + 1).find((later) => there.has(later));
    const position = before === undefined ? '' : ` before ${quoteLiteral(before)}`;
    return [`alter type ${name} add value ${quoteLiteral(label)}${position}`];
  });
}

/** Whether attributes can be dropped and added in place: those that stay keep their type and order, new ones follow. */
export function canChangeAttributes(then: CompositeType, now: CompositeType): boolean {
  const old = new Map(then.attributes.map((attribute) => [attribute.name, attribute]));
  const young = new Set(now.attributes.map(({ name }) => name));
  const staying = then.attributes.filter(({ name }) => young.has(name));
  return now.attributes.every((attribute, place) => {
    const before = old.get(attribute.name);
    return before === undefined
      ? place >= staying.length
      : staying[place]?.name === attribute.name &&
          attributeDefinition(before) === attributeDefinition(attribute);
  });
}
