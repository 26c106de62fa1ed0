/** A small database with one of everything, and statements whose effects on it are predicted and measured. */
export interface EffectSample {
  readonly sql: string;
  /** The first and the last major version that has the statement, or does it this way. */
  readonly since?: number;
  readonly until?: number;
}

export const EFFECT_SETUP = `
  create schema app;
  create domain positive as int check (value > 0);
  create domain plain as int;
  create type mood as enum ('sad', 'ok');
  create type pair as (a int, b int);
  create table t (
    id int primary key, code varchar(20), amount numeric(10,2), at timestamp(3), moment timestamptz, note text,
    flag boolean not null default true, net cidr, proven text, bits varbit(8), took interval(3), mood mood,
    doubled int generated always as (id * 2) stored, names varchar(10)[], data json, fixed char(5),
    label varchar(20),
    constraint t_proven check (proven is not null and length(proven) > 0),
    constraint t_amount_key unique (amount)
  );
  insert into t (id, code, amount, at, moment, proven, fixed, label, data)
    select i, i, i, now(), now(), 'x', 'x', 'label ' || i, '{"a": 1}' from generate_series(1, 10) as i;
  create index t_code_idx on t (code);
  create index t_label_idx on t (label);
  create table u (
    id int primary key, t_id int references t on delete cascade, other_id int, n positive, p plain, mood mood,
    serial_id serial
  );
  insert into u values (1, 1, 1, 1, 1, 'ok');
  alter table u add constraint u_other_fkey foreign key (other_id) references t not valid;
  alter table u add constraint u_n_check check (n < 100) not valid;
  create view v as select id, code from t;
  create view vv as select id from v;
  create materialized view m as select id, note from t;
  create unique index m_id_idx on m (id);
  create table parted (id int, region text, primary key (id)) partition by range (id);
  create table p1 partition of parted for values from (0) to (10);
  create table p2 partition of parted for values from (10) to (20);
  create table pdef partition of parted default;
  insert into parted select i, 'x' from generate_series(1, 30) as i;
  create table events (id int primary key, region text) partition by range (id);
  create table e1 partition of events for values from (0) to (10);
  create table edef partition of events default;
  insert into events values (1, 'x'), (10, 'x');
  create table loose (id int not null, region text, primary key (id));
  create table lines (id int primary key, parted_id int references parted);
  create table root (id int, tag text);
  create table branch (extra int) inherits (root);
  insert into branch values (1, 'x', 1);
  create table lone (id int, tag text);
  create table w (a int, b int);
  create statistics w_stats on a, b from w;
  create unlogged table scratch (id int);
  create table app.inner_table (id int primary key, t_id int references t);
  create table app.second (id int references app.inner_table);
  create function noop() returns trigger language plpgsql as 'begin return new; end';
  create function steady() returns int stable language sql as 'select 1';
  create function shaky() returns int volatile language plpgsql as 'begin return 1; end';
  create trigger t_noop before update on t for each row execute function noop();
  create policy everyone on t;
  create rule v_insert as on insert to v do instead nothing;
  create rule lone_delete as on delete to lone do also insert into scratch values (1);
  create publication published;
  create sequence free;
`;

function samples(text: string, range: Omit<EffectSample, 'sql'> = {}): readonly EffectSample[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((sql) => ({ sql, ...range }));
}

export const EFFECT_SAMPLES: readonly EffectSample[] = [
  ...samples(
    `
    select * from t join u on u.t_id = t.id
    select * from vv
    select * from m
    select * from parted
    select * from parted where id = 5
    select * from only root
    select * from root
    select * from t for update
    select * from t for update of t
    select * from t, u for share of u
    with t as (select * from u) select * from t
    select (select max(id) from u) from t union select a from w
    insert into u values (2, 1)
    insert into parted values (3, 'x') on conflict (id) do nothing
    insert into w select id, id from t
    update t set code = 'x'
    update parted set region = 'y'
    update root set tag = 'x'
    update only root set tag = 'x'
    update v set code = 'y'
    delete from t where id = 1
    delete from u
    with gone as (delete from w returning a) insert into lone select a from gone
    merge into w using t on t.id = w.a when matched then delete when not matched then insert values (1)
    truncate w
    truncate u
    truncate t cascade
    truncate parted cascade
    truncate root
    truncate only root
    truncate u restart identity
    lock table t in share mode
    lock table parted in row exclusive mode
    explain select * from t
    explain analyze delete from w
    copy w to stdout
    prepare q as select * from t
    declare c cursor for select * from t
  `.replace(/^.*w_view.*$/m, ''),
  ),

  ...samples(`
    create table x (id int)
    create table x (id int, t_id int references t)
    create table x (id int, parted_id int, foreign key (parted_id) references parted)
    create table x (like t including all)
    create table x () inherits (root)
    create table x partition of parted for values from (100) to (110)
    create table x partition of events for values from (110) to (120)
    create table x as select * from t
    create view x as select * from t
    create or replace view v as select id, code from t
    create materialized view x as select * from t
    create index on t (code)
    create unique index on t (id, code)
    create index on parted (region)
    create index on only parted (region)
    create trigger x before insert on t for each row execute function noop()
    create trigger x before insert on parted for each row execute function noop()
    create trigger x before insert on parted for each statement execute function noop()
    create constraint trigger x after insert on u from t for each row execute function noop()
    create rule x as on insert to w do also insert into lone values (1)
    create policy x on w using (exists (select from t))
    create statistics x on a, b from w
    create sequence x
    create sequence x owned by w.a
    create publication x for table w
    create publication x for table parted
    create publication x for table root
    create function x() returns bigint begin atomic select count(*) from t; end
    create function x() returns int language sql as 'select 1'
    create schema x
    create type x as enum ('a')
    comment on table t is 'x'
    comment on column t.id is 'x'
    comment on view v is 'x'
    comment on constraint t_proven on t is 'x'
    comment on trigger t_noop on t is 'x'
    comment on policy everyone on t is 'x'
    comment on index t_code_idx is 'x'
    grant select on w to public
    grant select (a) on w to public
    alter publication published add table w
    alter type mood add value 'new'
    alter type mood rename value 'sad' to 'blue'
    alter type pair add attribute c int
    alter domain plain add constraint plain_check check (value > 0)
    alter domain plain add constraint plain_check check (value > 0) not valid
    alter domain plain set not null
    alter domain positive drop constraint positive_check
    alter sequence free restart
    alter sequence free owned by w.a
    alter policy everyone on t using (true)
    alter index t_code_idx set (fillfactor = 80)
    alter index t_code_idx rename to t_code_index
    alter view v alter column id set default 1
    alter view v set (security_barrier = true)
    alter statistics w_stats rename to w_statistics
  `),

  ...samples(`
    alter table t add column x int
    alter table t add column x int not null default 1
    alter table t add column x timestamptz default now()
    alter table t add column x timestamptz default clock_timestamp()
    alter table t add column x int default steady()
    alter table t add column x int default shaky()
    alter table t add column x uuid default gen_random_uuid()
    alter table t add column x serial
    alter table t add column x int generated by default as identity
    alter table t add column x int generated always as (id + 1) stored
    alter table t add column x plain
    alter table t add column x positive
    alter table t add column x int check (x > 0)
    alter table t add column x int unique
    alter table t add column x int references u
    alter table parted add column x int
    alter table root add column x int
    alter table t drop column label
    alter table t drop column note cascade
    alter table u drop column t_id
    alter table u drop column serial_id
    alter table root drop column tag
    alter table t alter column label type varchar(30)
    alter table t alter column label type varchar(10)
    alter table t alter column label type varchar
    alter table w alter column a type bigint
    alter table t alter column at type timestamp
    alter table t alter column at type timestamp(2)
    alter table t alter column at type timestamptz
    alter table t alter column moment type timestamp
    alter table t alter column moment type timestamptz(3)
    alter table t alter column amount type numeric(12,2)
    alter table t alter column amount type numeric(12,3)
    alter table t alter column amount type numeric
    alter table t alter column proven type varchar(100)
    alter table t alter column proven type varchar
    alter table t alter column net type inet
    alter table t alter column bits type varbit(16)
    alter table t alter column bits type varbit(4)
    alter table t alter column took type interval(6)
    alter table t alter column took type interval(1)
    alter table t alter column data type jsonb
    alter table t alter column fixed type text
    alter table t alter column fixed type char(6)
    alter table t alter column fixed type char(5)
    alter table t alter column mood type text
    alter table t alter column names type varchar(20)[]
    alter table t alter column proven type text using proven
    alter table t alter column proven type text using proven::text
    alter table t alter column proven type text using upper(proven)
    alter table t alter column moment type timestamptz using moment + interval '1 day'
    alter table u alter column p type int
    alter table u alter column n type int
    alter table w alter column a type plain
    alter table w alter column a type positive
    alter table u alter column t_id type bigint
    alter table t alter column amount set default 1
    alter table t alter column flag drop not null
    alter table t alter column flag drop default
    alter table t alter column proven set not null
    alter table t alter column code set statistics 100
    alter table t alter column code set (n_distinct = 5)
    alter table t alter column code set storage plain
    alter table t alter column doubled drop expression
    alter table parted alter column region set statistics 100
    alter table parted alter column region set default 'x'
    alter table t add constraint x check (id > 0)
    alter table t add constraint x check (id > 0) not valid
    alter table u add constraint x foreign key (id) references t
    alter table u add constraint x foreign key (id) references t not valid
    alter table loose add constraint x foreign key (id) references parted not valid
    alter table events add constraint x foreign key (id) references t
    alter table w add constraint x unique (a)
    alter table w add primary key (a)
    alter table parted add constraint x check (id > 0)
    alter table root add constraint x check (id > 0)
    alter table u validate constraint u_other_fkey
    alter table u validate constraint u_n_check
    alter table u validate constraint u_t_id_fkey
    alter table u drop constraint u_t_id_fkey
    alter table u drop constraint u_n_check
    alter table t drop constraint t_pkey cascade
    alter table u alter constraint u_t_id_fkey deferrable
    alter table t set (fillfactor = 80)
    alter table t set (autovacuum_enabled = false, parallel_workers = 2)
    alter table t set (user_catalog_table = true)
    alter table t reset (fillfactor)
    alter table w set unlogged
    alter table scratch set logged
    alter table w replica identity full
    alter table w enable row level security
    alter table w force row level security
    alter table t disable trigger t_noop
    alter table t enable trigger all
    alter table parted disable trigger all
    alter table lone disable rule lone_delete
    alter table t cluster on t_pkey
    alter table t set without cluster
    alter table t owner to current_user
    alter table parted owner to current_user
    alter table w set schema app
    alter table t rename to renamed
    alter table t rename column code to renamed
    alter table root rename column tag to renamed
    alter table t rename constraint t_proven to renamed
    alter trigger t_noop on t rename to renamed
    alter policy everyone on t rename to renamed
    alter view v rename to renamed
    alter type pair rename to renamed
    alter type pair rename attribute a to z
    alter table parted detach partition p1
    alter table events detach partition e1
    alter table events attach partition loose for values from (200) to (210)
    alter table parted attach partition loose for values from (200) to (210)
    alter table branch no inherit root
    alter table lone inherit root
    alter table parted add column x int default 1, alter column region set not null
    alter table t add column x int, add column y int default random()
    alter table if exists nothing add column x int
  `),

  ...samples(`
    drop table w
    drop table u
    drop table t cascade
    drop table e1
    drop table events
    drop table parted cascade
    drop table branch
    drop table root cascade
    drop table app.second
    drop table if exists nothing
    drop view vv
    drop view v cascade
    drop materialized view m
    drop index t_code_idx
    drop index m_id_idx
    drop sequence free
    drop sequence u_serial_id_seq cascade
    drop schema app cascade
    drop type mood cascade
    drop domain positive cascade
    drop trigger t_noop on t
    drop policy everyone on t
    drop rule v_insert on v
    drop statistics w_stats
    drop function steady()
    drop publication published
  `),

  ...samples(`
    analyze t
    analyze parted
    reindex table t
    reindex index t_code_idx
    cluster t using t_pkey
    refresh materialized view m
    refresh materialized view concurrently m
  `),

  ...samples(
    `
    alter table t alter column doubled set expression as (id * 3)
    alter table t set access method heap
  `,
    { since: 17 },
  ),
  ...samples(
    `
    alter table t add column x int generated always as (id + 1) virtual
    alter table t add constraint x not null note not valid
    alter table w add constraint x not null a
    alter table parted add constraint x not null region
    alter table u alter constraint u_t_id_fkey not enforced
  `,
    { since: 18 },
  ),
];
