drop table app.two;
