alter table app.items drop constraint items_amount_check;
