-- blocks reads: Nobody reads or writes public.e while ACCESS EXCLUSIVE is held.
create table public.e_2026 partition of public.e
for values from ('2026-01-01') to ('2027-01-01');
