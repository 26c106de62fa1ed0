alter table teams alter column auth type text;
