create sequence invoice_numbers;
select nextval('invoice_numbers') from generate_series(1, 40);
