drop index orders_customer_id_state_idx;
alter table orders
  drop constraint orders_customer_id_fkey,
  drop constraint orders_code_check,
  alter column state type text;
drop type order_state;
