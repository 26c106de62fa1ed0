create table patterns_and_lengths (
  a text not null check (a ~ '^tok_[a-z0-9]+$' and length(a) = 36),
  b text not null check (b like '$2a$%' and length(b) = 60),
  c text not null check (c ~ '^[A-Z]+$' and char_length(c) <= 3),
  d text not null unique check (d ~ '^[0-9a-f]*$' and length(d) = 64),
  e text not null check (e similar to '[a-z]+@[a-z]+.(com|org)'),
  f text not null check (f like 'usr\_%' escape '\' and length(f) between 20 and 30)
);
