create table json_members (
  a jsonb not null check (jsonb_typeof(a) = 'object' and a ? 'kind' and a ->> 'kind' in ('one', 'two')),
  b jsonb not null check (b @> '{"version": 1}' and b ?& array['from', 'to']),
  c jsonb not null check ((c ->> 'count')::integer >= 3 and jsonb_typeof(c -> 'items') = 'array'),
  d json not null check (d ->> 'mode' = 'on'),
  e jsonb not null check (e ?| array['x', 'y'] and e ->> 'z' is not null)
);
