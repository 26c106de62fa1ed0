insert into plans (name) values ('the free plan'), ('the paid plan');
