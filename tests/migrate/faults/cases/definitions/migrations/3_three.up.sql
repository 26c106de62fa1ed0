alter table app.items add constraint items_amount_check check (amount >= 0);
