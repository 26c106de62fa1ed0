import type { CompositeType, Domain } from '../../schema/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import type { Unit } from '../unit.js';
import { commentOn } from './comment.js';
import { lowerKeywords } from './keywords.js';
import { nameOf } from './named.js';
import { addedLabels, attributeDefinition, domainConstraint } from './type.js';

/** New labels, attributes, or terms of a domain. */
export function typeChanges(then: Unit<'type'>, now: Unit<'type'>): string[] {
  const [old, young] = [then.object, now.object];
  if (old.kind === 'enum' && young.kind === 'enum') {
    return addedLabels(old, young);
  }
  if (old.kind === 'composite type' && young.kind === 'composite type') {
    return attributeChanges(old, young);
  }
  return old.kind === 'domain' && young.kind === 'domain' ? domainChanges(old, young) : [];
}

function attributeChanges(then: CompositeType, now: CompositeType): string[] {
  const old = new Map(then.attributes.map((attribute) => [attribute.name, attribute]));
  const young = new Set(now.attributes.map(({ name }) => name));
  const alter = `alter type ${nameOf(now)}`;
  return [
    ...then.attributes
      .filter(({ name }) => !young.has(name))
      .map(({ name }) => `${alter}\n  drop attribute ${quoteIdentifier(name)} cascade`),
    ...now.attributes
      .filter(({ name }) => !old.has(name))
      .map((one) => `${alter}\n  add attribute ${attributeDefinition(one)} cascade`),
    ...now.attributes
      .filter(({ name, comment }) => old.get(name)?.comment !== comment)
      .map(({ name, comment }) => commentOn(`column ${nameOf(now)}.${quoteIdentifier(name)}`, comment)),
  ];
}

function domainChanges(then: Domain, now: Domain): string[] {
  const alter = `alter domain ${nameOf(now)}\n  `;
  const old = new Map(then.constraints.map((one) => [one.name, one]));
  const young = new Map(now.constraints.map((one) => [one.name, one]));
  const isReplaced = (name: string): boolean => {
    const [before, after] = [old.get(name), young.get(name)];
    const bare = (text: string): string => text.replace(/ NOT VALID$/, '');
    return (
      !before ||
      !after ||
      bare(before.definition) !== bare(after.definition) ||
      (!before.notValid && after.notValid === true)
    );
  };
  return [
    ...then.constraints
      .filter(({ name }) => isReplaced(name))
      .map(({ name }) => `${alter}drop constraint ${quoteIdentifier(name)}`),
    ...(then.default === now.default
      ? []
      : [
          `${alter}${now.default === undefined ? 'drop default' : `set default ${lowerKeywords(now.default)}`}`,
        ]),
    ...(then.notNull === now.notNull ? [] : [`${alter}${now.notNull ? 'set' : 'drop'} not null`]),
    ...now.constraints.flatMap((one) => {
      const before = old.get(one.name);
      const isNew = isReplaced(one.name);
      const comment = isNew ? undefined : before?.comment;
      return [
        ...(isNew ? [`${alter}add ${domainConstraint(one)}`] : []),
        ...(!isNew && before?.notValid && !one.notValid
          ? [`${alter}validate constraint ${quoteIdentifier(one.name)}`]
          : []),
        ...(comment === one.comment
          ? []
          : [commentOn(`constraint ${quoteIdentifier(one.name)} on domain ${nameOf(now)}`, one.comment)]),
      ];
    }),
  ];
}
