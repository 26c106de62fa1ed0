/** Tables such as a service has: the same for the same number, whichever machine makes them. */
import { openDatabase, withSession } from '../../src/database/index.js';

const PARTS = ['accounts', 'billing', 'catalog', 'delivery', 'messages', 'support', 'usage', 'workflow'];
const NOUNS = ['item', 'entry', 'request', 'rule', 'event', 'report', 'session', 'document', 'label', 'step'];

export async function createService(url: string, tables: number): Promise<void> {
  await withSession(openDatabase(url), async (session) => {
    await session.run(PARTS.map((part) => `create schema ${part};`).join('\n'));
    await session.run(tenants());
    for (let number = 1; number < tables; number += 1) {
      await session.run(definition(number));
    }
  });
}

/** The table that most others refer to. */
function tenants(): string {
  return `create table accounts.organizations (
      id uuid not null default gen_random_uuid(),
      name text not null,
      created_at timestamptz not null default now(),
      constraint organizations_pkey primary key (id)
    );
    comment on table accounts.organizations is 'Who everything belongs to.';`;
}

function partOf(number: number): string {
  return PARTS[number % PARTS.length]!;
}

function nameOf(number: number): string {
  return number === 0
    ? 'accounts.organizations'
    : `${partOf(number)}.${NOUNS[number % NOUNS.length]}_${number}s`;
}

/** The tables that a table refers to: up to three before it, mostly of its own part. */
function parentsOf(number: number): readonly number[] {
  const steps = [PARTS.length, 3 * PARTS.length, 5];
  const wanted = steps.slice(0, number % 4).map((step) => number - step * (1 + (number % 3)));
  return wanted.filter((parent) => parent > 0);
}

function definition(number: number): string {
  const name = nameOf(number);
  const constraint = `${NOUNS[number % NOUNS.length]}_${number}s`;
  const parents = parentsOf(number);
  return `create table ${name} (
      id uuid not null default gen_random_uuid(),
      organization_id uuid not null,
      ${parents.map((_, place) => `parent_${place}_id uuid${place === 0 ? ' not null' : ''},`).join('\n')}
      name text not null default '',
      status text not null default 'new',
      amount numeric(12, 2),
      payload jsonb not null default '{}',
      tags text[],
      created_at timestamptz not null default now(),
      updated_at timestamptz,
      constraint ${constraint}_pkey primary key (id),
      constraint ${constraint}_status_check check (status in ('new', 'open', 'done')),
      constraint ${constraint}_amount_check check (amount >= 0),
      ${parents
        .map(
          (parent, place) =>
            `constraint ${constraint}_parent_${place}_fkey foreign key (parent_${place}_id) references ${nameOf(parent)} (id),`,
        )
        .join('\n')}
      constraint ${constraint}_organization_id_fkey
        foreign key (organization_id) references accounts.organizations (id) on delete cascade
    );
    create index ${constraint}_organization_idx on ${name} (organization_id, created_at desc);
    comment on index ${name.split('.')[0]}.${constraint}_organization_idx is 'What an organization has, newest first.';
    comment on table ${name} is 'Table number ${number} of the service, with what it holds said in a sentence.';
    comment on column ${name}.name is 'What people call it.';
    comment on column ${name}.status is 'How far it is: new, open, then done.';`;
}
