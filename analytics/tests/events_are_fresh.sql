-- Events come in: the newest is at most an hour old. Nothing is said of a platform without events.
-- plinth: kind=freshness severity=warning
select max(event_time) as newest_event, now() - max(event_time) as age
from analytics.usage_events
having max(event_time) < now() - interval '1 hour'
