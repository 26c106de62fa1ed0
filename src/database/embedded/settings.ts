/** The settings of an embedded server, sized for a laptop that does other things as well. */

/** Given at every start: what keeps the server private, and how the log reads. */
export const START_SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  // No socket file: its folder would be shared with other servers, and its path is limited to 107 bytes.
  unix_socket_directories: '',
  logging_collector: 'off',
  log_destination: 'stderr',
};

/** For clusters that are thrown away: nothing waits for the disk, and a crash may lose everything. */
export const UNSAFE_SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};

/** Written into `postgresql.conf` once, below what initdb wrote; people may change them there. */
const FIRST_SETTINGS: Readonly<Record<string, string>> = {
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
  // Statements hold the data of rows; the errors that Plinth reports name the statement themselves.
  log_min_error_statement: 'panic',
};

/** The lines to append to `postgresql.conf`. */
export function serverSettings(): string {
  const lines = Object.entries(FIRST_SETTINGS).map(([name, value]) => `${name} = ${value}`);
  return ['', '# Set by Plinth when it made this cluster; change them as you like.', ...lines, ''].join('\n');
}
