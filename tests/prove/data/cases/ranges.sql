create type length_range as range (subtype = numeric);
create table ranges (
  a int4range primary key,
  b int8range not null,
  c numrange not null,
  d daterange not null,
  e tsrange not null,
  f tstzrange not null,
  g int4multirange not null,
  h tstzmultirange not null,
  i length_range not null,
  j length_multirange not null,
  k int4range not null check (lower(k) >= 0 and upper(k) > lower(k) and not isempty(k))
);
