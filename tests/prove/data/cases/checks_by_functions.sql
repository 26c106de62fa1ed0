create function is_even(n integer) returns boolean language plpgsql immutable as $$
begin
  return n % 2 = 0;
end
$$;
create function luhn(digits text) returns boolean language sql immutable as $$
  select sum(case when place % 2 = 0 then d else (d * 2) / 10 + (d * 2) % 10 end) % 10 = 0
  from (select ord - 1 as place, digit::integer as d
        from regexp_split_to_table(reverse(digits), '') with ordinality as t (digit, ord)) as t
$$;
create table checks_by_functions (
  a integer not null check (is_even(a)),
  b integer not null check (100 / b > 3),
  c text not null check (c::integer > 10),
  d text not null check (d ~ '^\d{4}$' and luhn(d)),
  e uuid not null,
  f timestamptz not null check (f is not distinct from to_timestamp(('x' || left(replace(e::text, '-', ''), 8))::bit(32)::bigint))
);
