-- Adds the models that are not in the dictionary yet: $1 providers, $2 names, one of each for a model. Asking
-- first keeps the numbers dense; the order keeps two at once from waiting for each other.
insert into analytics.models (provider, name)
select distinct asked.provider, asked.name
from unnest($1::text[], $2::text[]) as asked (provider, name)
where not exists (
  select from analytics.models as known
  where known.provider = asked.provider and known.name = asked.name
)
order by asked.provider, asked.name
on conflict (provider, name) do nothing
