import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

export interface MadeProject {
  readonly root: string;
  /** Writes files below the project's folder. */
  write(files: Readonly<Record<string, string>>): void;
}

/**
 * A maker of projects with the targets `shop` and `reports`, whose migrations
 * are in `shop/` and `reports/`. They are removed when the test file ends.
 */
export function projectMaker(): (files?: Readonly<Record<string, string>>) => MadeProject {
  const made: string[] = [];
  afterAll(() => {
    for (const folder of made.splice(0)) {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return (files = SHOP_FILES) => {
    const root = mkdtempSync(join(tmpdir(), 'plinth-test-compare-'));
    made.push(root);
    const write = (written: Readonly<Record<string, string>>): void => {
      for (const [path, text] of Object.entries(written)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
    };
    write({
      'plinth.yaml':
        'version: 1\nproject: shop\ntargets:\n  shop:\n    migrations: shop\n  reports:\n    migrations: reports\n',
      ...files,
    });
    return { root, write };
  };
}

/** One of each kind of object that a hand may change. */
export const SHOP_FILES: Readonly<Record<string, string>> = {
  'shop/0001_customers.up.sql': `create schema shop;
create type shop.level as enum ('basic', 'gold');
create table shop.customers (
  id bigint not null generated always as identity,
  email text not null,
  level shop.level not null default 'basic',
  constraint customers_pkey primary key (id),
  constraint customers_email_check check (length(email) > 2)
);
comment on table shop.customers is 'Who buys.';
create index customers_email_idx on shop.customers (email);
`,
  'shop/0001_customers.down.sql': 'drop table shop.customers;\ndrop type shop.level;\ndrop schema shop;\n',
  'shop/0002_orders.up.sql': `create table shop.orders (
  id bigint not null,
  customer_id bigint not null,
  placed_at timestamptz not null,
  note text,
  constraint orders_pkey primary key (id, placed_at),
  constraint orders_customer_fkey foreign key (customer_id) references shop.customers (id)
) partition by range (placed_at);
create function shop.touch() returns trigger language plpgsql as $$
begin
  new.note := trim(new.note);
  return new;
end
$$;
create trigger orders_touch before insert on shop.orders for each row execute function shop.touch();
alter table shop.orders enable row level security;
create policy orders_all on shop.orders using (customer_id > 0);
create view shop.recent as select id, note from shop.orders;
create sequence shop.numbers;
`,
  'shop/0002_orders.down.sql':
    'drop sequence shop.numbers;\ndrop view shop.recent;\ndrop table shop.orders;\ndrop function shop.touch();\n',
  'reports/0001_totals.up.sql':
    'create schema reports;\ncreate table reports.totals (day date not null, total bigint);\n',
  'reports/0001_totals.down.sql': 'drop table reports.totals;\ndrop schema reports;\n',
};
