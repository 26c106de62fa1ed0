-- The column comes last now, which is no difference.
alter table readings add column unit text default 'C';
