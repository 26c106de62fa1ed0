-- Workers keep up: no change of events waits for its rollups longer than a quarter of an hour.
-- plinth: kind=freshness
select subject, bucket_start, min(marked_at) as marked_at, count(*) as marks
from analytics.rollup_marks
group by subject, bucket_start
having min(marked_at) < now() - interval '15 minutes'
order by marked_at
