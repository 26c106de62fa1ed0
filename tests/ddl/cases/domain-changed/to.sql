create domain public.email as text default 'x@y' not null constraint is_short check (length(value) < 99);
