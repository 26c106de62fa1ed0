-- unfilled: public.without_partitions partition
create table without_partitions (at date not null) partition by range (at);
