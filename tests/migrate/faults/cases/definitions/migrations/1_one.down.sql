drop table app.one;
