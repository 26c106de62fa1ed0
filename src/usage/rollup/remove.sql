with removed as (
  delete from analytics.usage_rollups_hour
  where bucket_start >= $1::timestamptz and bucket_start < $2::timestamptz
  returning 1
)
select count(*) as rows from removed
