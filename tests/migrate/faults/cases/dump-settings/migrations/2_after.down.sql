drop table unqualified;
drop table after_dump;
