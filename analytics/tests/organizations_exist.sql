-- Every organization with usage this month or last is one of the platform's.
-- plinth: kind=referential exists_in="operational platform.organizations.id"
select organization_id
from analytics.usage_rollups_month_organization
where bucket_start >= date_trunc('month', now(), 'UTC') - interval '1 month'
