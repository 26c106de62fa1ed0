-- What the transaction holds and has done so far, as one text: the time, the place in the write-ahead log, and each
-- relation of a user's that is locked, with its file and the rows written to it.
select
  pg_catalog.json_build_object(
    'ms', pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()) * 1000,
    'wal', pg_catalog.pg_current_wal_insert_lsn() operator(pg_catalog.-) '0/0'::pg_catalog.pg_lsn,
    'locks', coalesce((
      select pg_catalog.json_agg(pg_catalog.json_build_array(
        held.relation::pg_catalog.int8,
        held.modes,
        n.nspname,
        c.relname,
        c.relkind,
        pg_catalog.pg_relation_filenode(held.relation)::pg_catalog.int8,
        pg_catalog.pg_stat_get_xact_tuples_inserted(held.relation)
          operator(pg_catalog.+) pg_catalog.pg_stat_get_xact_tuples_updated(held.relation)
          operator(pg_catalog.+) pg_catalog.pg_stat_get_xact_tuples_deleted(held.relation)
      ))
      from (
        select l.relation, pg_catalog.array_agg(l.mode) as modes
        from pg_catalog.pg_locks as l
        where l.pid operator(pg_catalog.=) pg_catalog.pg_backend_pid()
          and l.locktype operator(pg_catalog.=) 'relation'
          and l.granted
          and l.relation operator(pg_catalog.>=) 16384::pg_catalog.oid
        group by l.relation
      ) as held
      left join pg_catalog.pg_class as c on c.oid operator(pg_catalog.=) held.relation
      left join pg_catalog.pg_namespace as n on n.oid operator(pg_catalog.=) c.relnamespace
    ), '[]'::pg_catalog.json)
  )::pg_catalog.text
