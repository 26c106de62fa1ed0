-- What:  the fixed histogram in which rollups keep latencies: the bucket of a latency, and the latency of
--        a bucket.
-- Why:   percentiles do not add up, counts in fixed buckets do: an hour's histogram is the sum of its
--        minutes', bit for bit, in any order and in any engine.
-- How:   bucket b holds the latencies above 1.0202^(b-1) and up to 1.0202^b microseconds; 0 and 1 are in
--        bucket 0, one day and more in the last, 1260. A bucket is told as 2 * 1.0202^b / 2.0202, which
--        is at most 0.9999 % from everything in it (from 1 microsecond up to one day).
--        Logarithms of doubles are not the same everywhere, the buckets are: no whole number of
--        microseconds up to one day comes closer to a border than 2.5e-12 of a bucket, several times
--        what a logarithm and a division can be off.
-- Locks: none on any table.

create function analytics.latency_bucket(us bigint)
returns smallint
language sql
immutable
parallel safe
return case
  when us <= 1 then 0
  when us >= 86400000000 then 1260
  else ceil(ln(us::double precision) / ln(1.0202::double precision))
end::smallint;

create function analytics.latency_bucket_us(bucket smallint)
returns double precision
language sql
immutable
parallel safe
return 2.0::double precision * power(1.0202::double precision, bucket::double precision) / 2.0202::double precision;

comment on function analytics.latency_bucket(bigint) is
  'The bucket, 0 to 1260, of a latency in microseconds: ceil(log of it to the base 1.0202). Null for null.';
comment on function analytics.latency_bucket_us(smallint) is
  'The latency in microseconds that stands for a bucket, at most 1 % from every latency in it.';
