delete from states;
