select 2;
-- Down Migration
select 3;
