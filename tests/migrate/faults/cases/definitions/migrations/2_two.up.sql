create index items_amount_idx on app.items (amount);
create index items_kind_idx on app.items (kind);
