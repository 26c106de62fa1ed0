create foreign data wrapper nowhere;

create server elsewhere
  foreign data wrapper nowhere
  options (host 'example.org', password '***');

create user mapping for public server elsewhere;

create foreign table public.r (
  id integer options (name 'ID')
)
server elsewhere options (tab 'T');

-- gap: foreign server elsewhere: The model does not tell the secrets among its options: set them by hand.

-- gap: foreign server elsewhere: The model does not tell the options of the mapping for public: set them by hand.
