drop index app.items_amount_idx;
drop index app.items_kind_idx;
