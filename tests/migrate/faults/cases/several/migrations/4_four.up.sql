create view app.amounts as select kind, sum(amount) as amount from app.items group by kind;
insert into app.trail values ('up 4');
