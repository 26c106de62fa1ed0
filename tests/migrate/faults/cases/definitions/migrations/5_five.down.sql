create table app.unmarked as select app.mark('down five') as done;
drop table app.marked, app.unmarked;
