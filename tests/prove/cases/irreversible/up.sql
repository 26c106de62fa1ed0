-- plinth: irreversible reason="the numbers must be gone for good"
alter table users drop column phone;
