drop index app.items_kind_amount_idx;
insert into app.trail values ('down');
