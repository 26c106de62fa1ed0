-- What:  the schema of usage analytics and its two helpers for ids that hold their time.
-- Why:   analytics may live in a database of its own, so it has its own schema and helpers and refers
--        to nothing in platform; ids of organizations, keys, users and prices are plain values here.
--        An event's time is a function of its id: then the key of a table partitioned by time is unique
--        for the id as such, with no key table and no index across partitions. PostgreSQL 18 has
--        uuid_extract_timestamp() for that, 15 and 16 have not, and 17 does not read version 7.
-- How:   both bodies are parsed here and now, so no search path can change what they mean, and they are
--        plain expressions that the planner puts in place of the call: reading an id costs a quarter of
--        a microsecond. Dividing milliseconds as double is exact to the microsecond until the year 2242.
-- Locks: none on any table.

create schema analytics;

create function analytics.uuid_v7_at(at timestamptz)
returns uuid
language sql
volatile
parallel safe
return encode(
  overlay(
    uuid_send(gen_random_uuid())
    placing int8send(
      (floor(extract(epoch from at) * 1000)::bigint << 16)
      | 28672
      | floor(extract(epoch from at) * 1000 % 1 * 4096)::bigint
    )
    from 1 for 8
  ),
  'hex'
)::uuid;

create function analytics.uuid_v7_time(id uuid)
returns timestamptz
language sql
immutable
parallel safe
return case
  when get_byte(uuid_send(id), 6) >> 4 = 7
    and get_byte(uuid_send(id), 8) >> 6 = 2
  then to_timestamp(
    (
      (get_byte(uuid_send(id), 0)::bigint << 40)
      | (get_byte(uuid_send(id), 1)::bigint << 32)
      | (get_byte(uuid_send(id), 2)::bigint << 24)
      | (get_byte(uuid_send(id), 3)::bigint << 16)
      | (get_byte(uuid_send(id), 4)::bigint << 8)
      | get_byte(uuid_send(id), 5)::bigint
    ) / 1000.0::double precision
  )
end;

comment on schema analytics is
  'Usage of the platform: events as they were reported, and their sums by minute, hour, day and month.';
comment on function analytics.uuid_v7_at(timestamptz) is
  'A new UUID of version 7 (RFC 9562, method 3) for a given time from 1970 on; two calls for one time differ in 62 random bits.';
comment on function analytics.uuid_v7_time(uuid) is
  'The time in a UUID of version 7, in whole milliseconds; null for any other UUID. The same on PostgreSQL 15 to 18.';
