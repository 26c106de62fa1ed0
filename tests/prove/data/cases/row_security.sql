create table row_security (tenant text not null, note text);
alter table row_security enable row level security;
alter table row_security force row level security;
create policy own on row_security using (tenant = current_setting('app.tenant', true));
