/** The settings of an embedded server, sized for a laptop that does other things as well. */

/** Given at every start: what keeps the server private, and where its log goes. */
const ALWAYS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  // No socket file: its folder would be shared with other servers, and its path may have 107 bytes at most.
  unix_socket_directories: '',
  logging_collector: 'off',
  log_destination: 'stderr',
};

/** For clusters that are thrown away: nothing waits for the disk, and a crash may lose everything. */
const NOT_DURABLE: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};

/** Written into `postgresql.conf` once, below what initdb wrote; people may change them there. */
const FIRST: Readonly<Record<string, string>> = {
  timezone: "'UTC'",
  log_timezone: "'UTC'",
  max_connections: '100',
  shared_buffers: "'128MB'",
  effective_cache_size: "'1GB'",
  maintenance_work_mem: "'128MB'",
  max_wal_size: "'2GB'",
  min_wal_size: "'80MB'",
  random_page_cost: '1.1',
  jit: 'off',
  log_line_prefix: "'%m [%p] '",
  // Statements hold the data of rows; the errors that Plinth reports show the statement themselves.
  log_min_error_statement: 'panic',
};

/** The settings for the server's command line. */
export function startSettings(durable: boolean): Readonly<Record<string, string>> {
  return durable ? ALWAYS : { ...ALWAYS, ...NOT_DURABLE };
}

/** The lines to append to `postgresql.conf`. */
export function configurationLines(): string {
  const lines = Object.entries(FIRST).map(([name, value]) => `${name} = ${value}`);
  return ['', '# Set by Plinth when it made this cluster; change them as you like.', ...lines, ''].join('\n');
}
