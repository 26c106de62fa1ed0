-- not transactional: The label cannot be used before the commit.
-- irreversible: PostgreSQL takes no label out of an enum: the way back makes the type anew.
alter type public.mood add value 'ok' before 'happy';

-- not transactional: The label cannot be used before the commit.
-- irreversible: PostgreSQL takes no label out of an enum: the way back makes the type anew.
alter type public.mood add value 'glad';
