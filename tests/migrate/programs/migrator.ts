/**
 * A process of its own that migrates: `node migrator.js <json>` prints one line of JSON, the outcome or the error's
 * code and message. Told a cut, it kills itself with SIGKILL there.
 */
import { openDatabase } from '../../../src/database/index.js';
import { apply, type MigrateOptions, rollback } from '../../../src/migrate/index.js';
import { type Cut, cuttingDatabase } from '../faults/cutting-database.js';

export interface MigratorOptions extends Omit<MigrateOptions, 'database'> {
  readonly url: string;
  readonly direction: 'up' | 'down';
  readonly killAt?: Pick<Cut, 'call' | 'phase'>;
}

const { url, direction, killAt, ...rest } = JSON.parse(process.argv[2]!) as MigratorOptions;
const { database } = cuttingDatabase(
  openDatabase(url),
  killAt && {
    ...killAt,
    strike: () => {
      process.kill(process.pid, 'SIGKILL');
    },
    endsClient: true,
  },
);
const options = { ...rest, database, onProgress: tellWaiting };

try {
  const report = await (direction === 'up' ? apply(options) : rollback({ ...options, to: '0' }));
  tell({ migrations: report.migrations.map(({ version }) => version) });
} catch (error) {
  const { code, message } = error as Error & { readonly code?: string };
  tell({ code, message });
}

/** The first line, where there is something to wait for. */
function tellWaiting({ message }: { readonly message?: string }): void {
  if (message?.includes('waiting for')) {
    tell({ waiting: message.trim() });
  }
}

function tell(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
