create table calls (
  id int primary key,
  user_id bigint references users (id),
  note text not null check (length(note) < 40)
);
