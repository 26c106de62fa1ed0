-- What:  drops the functions of the latency histogram.
-- Locks: none on any table.

drop function analytics.latency_bucket_us(smallint);

drop function analytics.latency_bucket(bigint);
