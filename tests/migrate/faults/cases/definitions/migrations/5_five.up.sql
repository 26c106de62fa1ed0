begin;
-- A definition that leaves a trail: run twice, it would show.
create table app.marked as select app.mark('five') as done;
commit;
