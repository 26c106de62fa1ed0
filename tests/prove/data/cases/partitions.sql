create table events (
  id bigint generated always as identity,
  at timestamptz not null,
  kind text not null,
  note text,
  primary key (id, at)
) partition by range (at);
create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
alter table events_2026 add constraint only_2026 check (kind = 'new');
create table regions (code text not null, name text not null) partition by list (code);
create table regions_eu partition of regions for values in ('DE', 'FR');
create table regions_null_or_us partition of regions for values in ('US');
create table regions_rest partition of regions default;
create table hashed (id integer primary key, v text) partition by hash (id);
create table hashed_0 partition of hashed for values with (modulus 3, remainder 0);
create table hashed_1 partition of hashed for values with (modulus 3, remainder 1);
create table hashed_2 partition of hashed for values with (modulus 3, remainder 2);
create table nested (tenant integer not null, day date not null, n integer) partition by list (tenant);
create table nested_1 partition of nested for values in (1) partition by range (day);
create table nested_1_old partition of nested_1 for values from (minvalue) to ('2025-01-01');
create table nested_1_new partition of nested_1 for values from ('2025-01-01') to (maxvalue);
create table nested_2 partition of nested for values in (2, 3);
create table of_events (
  id integer primary key,
  event_id bigint not null,
  event_at timestamptz not null,
  foreign key (event_id, event_at) references events
);
create table by_expression (name text not null) partition by range (lower(name));
create table by_expression_a partition of by_expression for values from ('a') to ('n');
create table by_expression_n partition of by_expression for values from ('n') to (maxvalue);
