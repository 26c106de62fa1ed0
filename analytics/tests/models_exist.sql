-- Every model that a rollup names is in the dictionary of models.
-- plinth: kind=referential
select distinct r.model_id
from analytics.usage_rollups_hour_model_status as r
where not exists (select from analytics.models as m where m.id = r.model_id)
order by r.model_id
