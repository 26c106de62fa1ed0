import { beforeAll, describe, expect, test } from 'vitest';
import {
  type CatalogFacts,
  loadParser,
  parseStatement,
  type RelationFacts,
  type StatementEffects,
  statementEffects,
} from '../../src/sql/index.js';

beforeAll(loadParser);

function effectsOf(sql: string, facts?: CatalogFacts): StatementEffects {
  const outcome = parseStatement(sql);
  if (outcome.kind !== 'parsed') {
    throw new Error(outcome.message);
  }
  return statementEffects(outcome.node, facts);
}

/** `drop column app.users(email)`, with `?` where it is not certain. */
function destroyedBy(sql: string, facts?: CatalogFacts): string[] {
  return effectsOf(sql, facts).destroys.map(({ by, kind, relation, columns, certainty }) => {
    const name = [relation.schema, relation.name].filter(Boolean).join('.');
    return `${by} ${kind} ${name}${columns ? `(${columns})` : ''}${certainty === 'maybe' ? '?' : ''}`;
  });
}

describe('what is destroyed, from the text alone', () => {
  test.each<[sql: string, ...losses: string[]]>([
    ['drop table app.a, b', 'drop table app.a', 'drop table b'],
    ['alter table t drop column a, drop column b', 'drop column t(a)', 'drop column t(b)'],
    ['alter table t alter column a type bigint', 'type change values t(a)?'],
    ['truncate a, b', 'truncate rows a', 'truncate rows b'],
    ['delete from t', 'delete rows t?'],
    ['update t set a = 1, b = 2', 'update values t(a,b)?'],
    ['with gone as (delete from a returning *) insert into b select * from gone', 'delete rows a?'],
    ['insert into t values (1) on conflict (id) do update set a = 1', 'upsert values t(a)?'],
    ['insert into t values (1) on conflict do nothing'],
    [
      'merge into t using s on true when matched and s.x then delete when matched then update set a = 1 when not matched then insert values (1)',
      'merge rows t?',
      'merge values t(a)?',
    ],
    ['explain analyze update t set a = 1', 'update values t(a)?'],
    ['drop materialized view m', 'drop materialized view m'],
    ['drop view v'],
    ['drop index i'],
    ['drop sequence s', 'drop sequence s'],
    ['alter sequence s restart with 5', 'reset sequence position s?'],
    ["select setval('app.s', 1)", 'reset sequence position app.s?'],
    ['drop schema s cascade', 'drop schema s'],
    ['drop schema s'],
    ['drop type mood', 'drop type mood'],
    ['drop extension e cascade', 'cascade unknown e?'],
    ['drop database d', 'drop database d'],
    ['create rule r as on insert to t do also delete from u'],
    ['create function f() returns void begin atomic delete from t; end'],
    ['select * from t'],
    ['create table t (id int)'],
    ['alter table t add column a int default random()'],
  ])('%s', (sql, ...losses) => {
    expect(destroyedBy(sql)).toEqual(losses);
  });
});

describe('what is destroyed, with the catalogue', () => {
  const table = (name: string, more: Partial<RelationFacts> = {}): RelationFacts => ({
    schema: 'app',
    name,
    kind: 'table',
    ...more,
  });
  const at = (name: string) => ({ schema: 'app', name });
  const relations = [
    table('orgs', {
      columns: [
        { name: 'size', type: 'integer', isNotNull: true },
        { name: 'name', type: 'character varying(50)', isNotNull: true },
      ],
      referencedBy: [
        { relation: at('users'), columns: ['org_id'], onDelete: 'cascade', onUpdate: 'no action' },
        { relation: at('notes'), columns: ['org_id'], onDelete: 'set null', onUpdate: 'cascade' },
      ],
      dependents: [at('sizes'), at('names')],
    }),
    table('users', {
      referencedBy: [
        { relation: at('keys'), columns: ['user_id'], onDelete: 'cascade', onUpdate: 'no action' },
      ],
    }),
    table('keys'),
    table('notes'),
    table('events', { kind: 'partitioned table', descendants: [at('events_1')] }),
    table('events_1'),
    table('sizes', { kind: 'materialized view' }),
    table('names', { kind: 'view', reads: [at('orgs')] }),
  ];
  const facts: CatalogFacts = {
    serverVersion: 180_000,
    relation: ({ name }) => relations.find((relation) => relation.name === name),
    relationsInSchema: () => relations,
  };

  test.each<[sql: string, ...losses: string[]]>([
    [
      'delete from orgs',
      'delete rows app.orgs?',
      'cascade rows app.users?',
      'cascade rows app.keys?',
      'cascade values app.notes(org_id)?',
    ],
    ['update orgs set id = 2', 'update values app.orgs(id)?', 'cascade values app.notes(org_id)?'],
    [
      'truncate orgs cascade',
      'truncate rows app.orgs',
      'cascade rows app.users',
      'cascade rows app.keys',
      'cascade rows app.notes',
    ],
    ['drop table events', 'drop table app.events', 'cascade table app.events_1'],
    ['alter table events drop column a', 'drop column app.events(a)', 'drop column app.events_1(a)'],
    ['alter table only events drop column a', 'drop column app.events(a)'],
    ['drop table orgs cascade', 'drop table app.orgs', 'cascade materialized view app.sizes'],
    ['update names set name = 1', 'update values app.names(name)?', 'update values app.orgs?'],
    ['alter table orgs alter column size type bigint'],
    ['alter table orgs alter column size type smallint', 'type change values app.orgs(size)?'],
    ['alter table orgs alter column size type bigint using size * 2', 'type change values app.orgs(size)?'],
    ['alter table orgs alter column name type text'],
    ['alter table orgs alter column name type varchar(10)', 'type change values app.orgs(name)?'],
  ])('%s', (sql, ...losses) => {
    expect(destroyedBy(sql, facts).toSorted()).toEqual(losses.toSorted());
  });
});

describe('effects without a catalogue', () => {
  test.each([
    ['alter table t add column a int', 'ACCESS EXCLUSIVE', 'no', 'no'],
    ['alter table t add column a int default random()', 'ACCESS EXCLUSIVE', 'yes', 'yes'],
    ['alter table t add column a int default my_function()', 'ACCESS EXCLUSIVE', 'maybe', 'maybe'],
    ['alter table t add column a my_type', 'ACCESS EXCLUSIVE', 'maybe', 'maybe'],
    ['alter table t alter column a type text', 'ACCESS EXCLUSIVE', 'maybe', 'maybe'],
    ['alter table t alter column a set not null', 'ACCESS EXCLUSIVE', 'no', 'maybe'],
    ['alter table t add constraint c check (a > 0)', 'ACCESS EXCLUSIVE', 'no', 'yes'],
    ['alter table t add constraint c check (a > 0) not valid', 'ACCESS EXCLUSIVE', 'no', 'no'],
    ['create index on t (a)', 'SHARE', 'no', 'yes'],
    ['create index concurrently on t (a)', 'SHARE UPDATE EXCLUSIVE', 'no', 'yes'],
    ['alter table p detach partition t concurrently', 'ACCESS EXCLUSIVE', 'no', 'no'],
  ])('%s', (sql, lock, rewrites, scans) => {
    const effect = effectsOf(sql).relations.find(({ relation }) => relation.name === 't');
    expect(effect).toMatchObject({ lock, rewrites, scans, isCertain: true });
  });

  test.each([
    ['do $$ begin end $$', true],
    ['call p()', true],
    ['drop function f() cascade', true],
    ['drop owned by a', true],
    ['vacuum', true],
    ['vacuum t', false],
    ['drop table t cascade', false],
    ['select 1', false],
  ])('say so when more may happen than is listed: %s', (sql, isOpaque) => {
    expect(effectsOf(sql).isOpaque).toBe(isOpaque);
  });
});
