create table orders (
  id integer primary key,
  total numeric(10, 2) not null
);
create materialized view totals as
select sum(total) as total from orders;
