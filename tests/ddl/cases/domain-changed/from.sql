create domain public.email as text constraint has_at check (value like '%@%');
