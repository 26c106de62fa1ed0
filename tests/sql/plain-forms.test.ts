/** What is read from a statement's first words is what the parser's tree says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { classifyStatement } from '../../src/sql/classify.js';
import { loadParser, parseStatement, splitStatements } from '../../src/sql/index.js';
import { classifyPlainForm } from '../../src/sql/plain-forms.js';
import { corpusFiles, noCorpora } from './corpora.js';
import { EFFECT_SAMPLES } from './effect-samples.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Forms that look plain and are not, or nearly are. */
const NEARLY_PLAIN = [
  'create table a (id int)',
  'CREATE\n TABLE a as select 1 as id',
  'create table a as execute b',
  'create table a (note text default $$x as y$$)',
  'create table if not exists a partition of b for values in (1)',
  'create temporary table a (id int)',
  'create table/**/a (id int)',
  'create index on a (id)',
  'create unique index if not exists a_idx on a (id)',
  'create index concurrently a_idx on a (id)',
  'create unique index CONCURRENTLY on a (id)',
  'create index /* c */ concurrently on a (id)',
  'create index "concurrently" on a (id)',
  'create index concurrently_idx on a (id)',
  'create or replace function f() returns int language sql as $$select 1$$',
  'create function f() returns int return 1',
  'alter table a add column b int',
  'alter table if exists only a rename column b to c',
  'alter table a rename to b',
  'alter table a rename constraint b to c',
  'alter table a set schema b',
  'alter table a owner to b',
  'alter table a detach partition b concurrently',
  'alter table a detach partition b',
  'alter table all in tablespace a set tablespace b',
  'alter table a enable trigger all',
  'drop table a',
  'DROP  TABLE if exists a, b cascade',
  'drop view a',
  'drop sequence a',
  'drop type a',
  'drop schema a cascade',
  'drop index a',
  'drop index concurrently a',
  'drop index if exists a',
  'drop index /* c */ concurrently a',
  "comment on table a is 'b'",
  'comment on column a.b is null',
  'insert into a values (1)',
  'insert into a select set_config($$b$$, $$c$$, false)',
  'insert into a with b as (delete from c returning *) select * from b',
];

beforeAll(loadParser);

/** Compares all statements of the text; says how many were of a plain form. */
function compare(text: string, place: string): number {
  let plain = 0;
  for (const statement of splitStatements(text)) {
    const outcome = statement.kind === 'sql' ? parseStatement(statement.text) : undefined;
    const form = classifyPlainForm(statement.text);
    if (form && outcome?.kind === 'parsed') {
      plain += 1;
      expect(form, `${place}: ${statement.text.slice(0, 200)}`).toEqual(
        classifyStatement(statement.text, outcome),
      );
    }
  }
  return plain;
}

function scripts(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.sql'))
    .map((name) => join(ROOT, folder, name));
}

describe('the class of a plain form is that of its parse tree', () => {
  it.each(NEARLY_PLAIN)('%s', (sql) => {
    compare(sql, 'sample');
  });

  it('for the samples of effects', () => {
    expect(EFFECT_SAMPLES.reduce((sum, { sql }) => sum + compare(sql, 'effects'), 0)).toBeGreaterThan(50);
  });

  it('for the scripts of this repository', () => {
    const found = [...scripts('tests'), ...scripts('db'), ...scripts('src')];
    expect(found.reduce((sum, path) => sum + compare(readFileSync(path, 'utf8'), path), 0)).toBeGreaterThan(
      300,
    );
  });

  it.skipIf(noCorpora)(
    `for public migrations${noCorpora ? ` (skipped: ${noCorpora})` : ''}`,
    { timeout: 120_000 },
    () => {
      const plain = corpusFiles().reduce((sum, { path, text }) => sum + compare(text, path), 0);
      console.info(`${plain} statements of plain forms`);
      expect(plain).toBeGreaterThan(1000);
    },
  );
});

it('takes most of a plain migration without the parser', () => {
  expect(NEARLY_PLAIN.filter((sql) => classifyPlainForm(sql)).length).toBeGreaterThan(20);
});
