-- What:  drops the functions of the latency histogram.
-- Locks: none on any table.

drop function analytics.is_latency_histogram(smallint[], bigint[], bigint);

drop function analytics.latency_bucket_us(smallint);

drop function analytics.latency_bucket(bigint);
