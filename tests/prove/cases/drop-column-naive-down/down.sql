-- Gives the column back, empty: what was in it is kept by the engine.
alter table users add column phone text;
