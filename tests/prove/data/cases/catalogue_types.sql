create table catalogue_types (
  a oid not null,
  b regclass not null,
  c regtype not null,
  d regproc not null,
  e regprocedure not null,
  f regrole not null,
  g regnamespace not null,
  h regconfig not null,
  i xid not null,
  j xid8 not null,
  k cid not null,
  l tid not null,
  m int2vector not null,
  n oidvector not null
);
