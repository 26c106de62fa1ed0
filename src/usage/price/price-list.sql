-- Every price there is, by the provider's names of model and version.
select
  p.id as price_id,
  m.provider,
  m.name as model,
  v.version,
  p.kind,
  p.currency,
  p.price_nanos,
  p.above_input_tokens,
  lower(p.valid) as valid_from,
  upper(p.valid) as valid_to
from platform.model_prices as p
join platform.model_versions as v on v.id = p.model_version_id
join platform.models as m on m.id = v.model_id
-- Where two versions have a price at one time, the one that comes later here is charged.
order by
  m.provider,
  m.name,
  m.deleted_at is null,
  v.released_at nulls first,
  v.version,
  p.currency,
  p.kind,
  p.above_input_tokens,
  valid_from
