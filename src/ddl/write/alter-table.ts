import type { Table } from '../../schema/index.js';
import { qualifiedName, quoteIdentifier } from '../../sql/index.js';
import { stayingParts } from '../partition-indexes.js';
import type { Decisions, Scene } from '../scene.js';
import { keyOf } from '../unit.js';
import { indexChanges } from './alter-index.js';
import { commentOn } from './comment.js';
import { relationNamed } from './named.js';
import { foreignOptionChanges, optionChanges } from './options.js';

/** What is said of a table beside its columns and other parts. */
export function tableChanges(then: Table, now: Table, scene: Scene, decisions: Decisions): string[] {
  return [...settingChanges(then, now, scene), ...inheritedIndexChanges(then, now, scene, decisions)];
}

function settingChanges(then: Table, now: Table, { major }: Scene): string[] {
  const alter = `alter ${relationNamed(now)}`;
  const line = (clause: string): string => `${alter}\n  ${clause}`;
  const foreign = foreignOptionChanges(then.foreign?.options, now.foreign?.options);
  return [
    ...(then.ofType === now.ofType ? [] : [line(now.ofType ? `of ${now.ofType}` : 'not of')]),
    ...(then.unlogged === now.unlogged ? [] : [line(now.unlogged ? 'set unlogged' : 'set logged')]),
    ...(then.accessMethod === now.accessMethod
      ? []
      : [
          line(
            `set access method ${now.accessMethod ? quoteIdentifier(now.accessMethod) : major >= 17 ? 'default' : 'heap'}`,
          ),
        ]),
    ...(then.tablespace === now.tablespace
      ? []
      : [line(`set tablespace ${quoteIdentifier(now.tablespace ?? 'pg_default')}`)]),
    ...optionChanges(then.options, now.options).map(line),
    ...(foreign === undefined ? [] : [line(foreign)]),
    ...(then.rowSecurity === now.rowSecurity
      ? []
      : [line(`${now.rowSecurity ? 'enable' : 'disable'} row level security`)]),
    ...(then.forceRowSecurity === now.forceRowSecurity
      ? []
      : [line(`${now.forceRowSecurity ? 'force' : 'no force'} row level security`)]),
    ...(then.replicaIdentity === now.replicaIdentity || now.replicaIdentity === 'index'
      ? []
      : [line(`replica identity ${now.replicaIdentity ?? 'default'}`)]),
  ];
}

/** A partition's part of an index may have a name, a comment and settings of its own. */
function inheritedIndexChanges(then: Table, now: Table, { to }: Scene, { isCreated }: Decisions): string[] {
  if (isCreated(keyOf('attachment', [now.schema, now.name]))) {
    return [];
  }
  return stayingParts(then, now, to, isCreated).flatMap(([old, young]) => [
    ...(old.name === young.name
      ? []
      : [`alter index ${qualifiedName(now.schema, old.name)}\n  rename to ${quoteIdentifier(young.name)}`]),
    ...indexChanges(old, young, now),
    ...(old.comment === young.comment
      ? []
      : [commentOn(`index ${qualifiedName(now.schema, young.name)}`, young.comment)]),
  ]);
}
