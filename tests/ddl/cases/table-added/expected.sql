create table public.users (
  id bigint generated always as identity,
  email text not null,
  created_at timestamp with time zone not null default now(),
  constraint users_email_check check ((email ~~ '%@%'::text)),
  constraint users_email_key unique (email),
  constraint users_pkey primary key (id)
);

comment on table public.users is 'Who signs in';
