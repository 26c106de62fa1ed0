alter table teams add column motto text;
