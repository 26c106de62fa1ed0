-- data loss: The values of b of public.pair are gone.
alter type public.pair
  drop attribute b cascade;

alter type public.pair
  add attribute c date cascade;
