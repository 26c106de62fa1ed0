create type order_state as enum ('open', 'paid');
alter table orders
  add constraint orders_customer_id_fkey foreign key (customer_id) references customers (id),
  add constraint orders_code_check check (code ~ '^[A-Z]{3}$'),
  alter column state type order_state using state::order_state;
create unique index orders_customer_id_state_idx on orders (customer_id, state);
