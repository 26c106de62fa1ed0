-- Every version of every living model, with the prices that are in force or will be, as JSON.
select
  v.id as version_id,
  m.provider,
  m.name as model,
  v.version,
  coalesce(v.released_at, v.created_at) as released_at,
  coalesce(
    jsonb_agg(
      jsonb_build_object(
        'id', p.id,
        'kind', p.kind,
        'aboveInputTokens', p.above_input_tokens,
        'priceNanos', p.price_nanos::text,
        'from', lower(p.valid),
        'to', upper(p.valid),
        'source', p.source
      )
      order by p.kind, p.above_input_tokens, lower(p.valid)
    ) filter (where p.id is not null),
    '[]'
  ) as prices
from platform.models as m
join platform.model_versions as v on v.model_id = m.id
left join platform.model_prices as p on p.model_version_id = v.id and p.currency = 'USD'
where m.deleted_at is null
group by v.id, m.provider, m.name, v.version, v.released_at, v.created_at
order by m.provider, m.name, v.version
