alter table app.one add column note text;
