drop table calls;
