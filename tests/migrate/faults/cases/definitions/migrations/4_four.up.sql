create function app.mark(step text) returns text language sql as
  'insert into app.trail values (step) returning step';
