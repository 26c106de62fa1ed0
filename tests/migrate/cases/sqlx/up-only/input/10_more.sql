insert into accounts values (1);
