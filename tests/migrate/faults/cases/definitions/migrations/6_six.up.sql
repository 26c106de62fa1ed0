create view app.six as select id, 'größer' as size from app.items;
