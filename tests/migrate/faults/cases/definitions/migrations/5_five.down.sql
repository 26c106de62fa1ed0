create table app.unmarked as select app.mark('down five') as done;
