-- What:  platform.uuid_v7(), the default of every id.
-- Why:   ids that grow with time keep B-tree inserts at the right-hand edge and make "newest first"
--        a walk along the primary key. PostgreSQL 18 has uuidv7(), 15 to 17 have not; one
--        implementation keeps the schema the same on all four.
-- How:   RFC 9562, version 7, method 3 (increased clock precision): 48 bits of Unix milliseconds, the
--        version 7, 12 bits of the fraction of the millisecond, the variant 10, 62 random bits.
--        gen_random_uuid() already has the variant, so only its first 8 bytes are replaced.
-- Limits: ids of one session grow from one microsecond to the next; two ids of one microsecond may
--        come in either order. A clock that is set back gives smaller ids.
-- Locks: none on any table.

create function platform.uuid_v7()
returns uuid
language plpgsql
volatile
parallel safe
set search_path = ''
as $$
declare
  unix_us bigint := extract(epoch from clock_timestamp()) * 1000000;
  time_bits bigint := ((unix_us / 1000) << 16) | 28672 | ((unix_us % 1000) * 4096 / 1000);
begin
  return encode(
    overlay(uuid_send(gen_random_uuid()) placing int8send(time_bits) from 1 for 8),
    'hex'
  )::uuid;
end
$$;

comment on function platform.uuid_v7() is
  'A new UUID of version 7 (RFC 9562, method 3): ids grow with time to the microsecond. The same on PostgreSQL 15 to 18.';
