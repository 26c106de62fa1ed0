comment on table app.one is 'the first';
