alter table documents add column content oid not null default 0;
alter table documents alter column content drop default;
