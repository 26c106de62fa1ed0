create table app.totals (kind text not null, amount bigint not null, constraint totals_pkey primary key (kind));
insert into app.totals select kind, sum(amount) from app.items group by kind;
alter table app.items add column note text default 'none' not null;
insert into app.trail values ('up');
