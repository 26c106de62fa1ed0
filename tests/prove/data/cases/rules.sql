-- unfilled: public.always_turned_away rule nothing
create table ruled (id integer primary key, v text);
create table shadow (id integer, v text);
create rule copy as on insert to ruled do also insert into shadow values (new.id, new.v);
create table turned_away (id integer primary key);
create rule nothing as on insert to turned_away do instead nothing;
create table always_turned_away (id integer primary key);
create rule nothing as on insert to always_turned_away do instead nothing;
alter table always_turned_away enable always rule nothing;
