create type cents;
create function cents_in(cstring) returns cents language internal immutable strict as 'int4in';
create function cents_out(cents) returns cstring language internal immutable strict as 'int4out';
create type cents (input = cents_in, output = cents_out, like = integer);
create table type_of_ones_own (id bigint generated always as identity primary key, price cents not null);
