create table events (
  id bigint not null,
  day date not null
) partition by range (day);
create table events_2024 partition of events for values from ('2024-01-01') to ('2025-01-01');
create table events_2023 (
  id bigint not null,
  day date not null check (day >= '2023-01-01' and day < '2024-01-01')
);
