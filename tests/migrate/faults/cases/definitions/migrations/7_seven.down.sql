comment on table app.one is null;
