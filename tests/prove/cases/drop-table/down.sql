create table calls (
  id int primary key,
  user_id bigint references users (id)
);
