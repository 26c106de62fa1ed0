create table public.users (
  id bigint generated always as identity primary key,
  email text not null unique,
  created_at timestamptz not null default now(),
  constraint users_email_check check (email like '%@%')
);
comment on table public.users is 'Who signs in';
