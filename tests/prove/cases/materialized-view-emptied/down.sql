create materialized view totals as
select sum(total) as total from orders
with no data;
