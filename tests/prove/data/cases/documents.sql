create table documents (
  a json not null,
  b jsonb not null,
  c jsonpath not null,
  d xml not null,
  e tsvector not null,
  f tsquery not null,
  g jsonb unique,
  h jsonb not null check (jsonb_typeof(h) = 'array' and jsonb_array_length(h) between 1 and 3),
  i jsonb check (jsonb_typeof(i) = 'object' and i ? 'kind')
);
