-- The key that a text names, with all that decides whether it is good now. One row or none, by the unique
-- index on (organization_id, key_prefix) and the primary key of organizations. The server's clock decides.
select
  key.id,
  key.key_hash,
  key.scopes,
  key.created_by_user_id,
  key.revoked_at is not null as is_revoked,
  coalesce(key.expires_at <= now(), false) as is_expired,
  organization.status,
  organization.deleted_at is not null as is_deleted
from platform.api_keys as key
join platform.organizations as organization on organization.id = key.organization_id
where key.organization_id = $1
  and key.key_prefix = $2
