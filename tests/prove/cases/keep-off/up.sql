-- plinth: keep=off reason="the numbers may not be kept"
alter table users drop column phone;
