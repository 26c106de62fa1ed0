/**
 * Refuses to go on where the folder and the ledger contradict each other, and says what to do. A changed
 * comment, licence header or line ending is a notice; a changed statement is refused with a diff.
 */
import { lineDiff } from '../core/index.js';
import type { Session } from '../database/index.js';
import { meaningDigest } from '../sql/index.js';
import { MIGRATE_ERRORS } from './errors.js';
import { type LedgerScope, readTexts } from './ledger/ledger.js';
import { labelOf } from './migration.js';
import type { MigrationStanding } from './state.js';
import { compareVersions } from './version.js';

/** @returns notices; @throws MIGRATE_CHANGED, MIGRATE_OUT_OF_ORDER, MIGRATE_FILE_MISSING */
export async function checkHistory(
  session: Session,
  scope: LedgerScope,
  standings: readonly MigrationStanding[],
  order: 'strict' | 'allow-missing',
): Promise<readonly string[]> {
  const notices: string[] = [];
  for (const standing of standings.filter(({ state }) => state === 'edited')) {
    notices.push(await checkEdited(session, scope, standing));
  }
  if (order === 'strict') {
    checkOrder(standings);
  }
  return [...notices, ...aheadNotices(standings)];
}

async function checkEdited(
  session: Session,
  scope: LedgerScope,
  standing: MigrationStanding,
): Promise<string> {
  const source = standing.migration!.up;
  const now = source.read();
  if (meaningDigest(now) === standing.entry!.upMeaning) {
    return `${source.file}: its comments or layout changed since it was applied; its statements did not`;
  }
  const { up: applied } = await readTexts(session, scope, standing.key);
  const lines = lineDiff(applied, now, { contextLines: 2 });
  throw MIGRATE_ERRORS.CHANGED({
    message: `Cannot go on: ${source.file} was changed after it was applied\n${lines.join('\n')}`,
    details: { version: standing.key, file: source.file },
  });
}

function checkOrder(standings: readonly MigrationStanding[]): void {
  const late = standings.find(({ outOfOrder }) => outOfOrder);
  const newest = standings.findLast(({ entry }) => entry && entry.kind !== 'repeatable');
  if (late) {
    throw MIGRATE_ERRORS.OUT_OF_ORDER({
      message: `Cannot apply ${late.migration!.up.file}: the newer ${labelOf({ version: newest!.key, name: newest!.name })} is already applied`,
      details: { version: late.key, newestApplied: newest!.key },
    });
  }
  const newestFile = standings.findLast(({ migration }) => migration?.kind === 'versioned');
  const missing = standings.find(
    ({ state, key }) => state === 'missing' && newestFile && compareVersions(key, newestFile.key) < 0,
  );
  if (missing) {
    throw MIGRATE_ERRORS.FILE_MISSING({
      message: `Cannot go on: ${labelOf({ version: missing.key, name: missing.name })} is applied and has no file, though the newer ${labelOf({ version: newestFile!.key, name: newestFile!.name })} has one`,
      details: { version: missing.key },
    });
  }
}

function aheadNotices(standings: readonly MigrationStanding[]): string[] {
  const ahead = standings.filter(({ state }) => state === 'missing');
  return ahead.length === 0
    ? []
    : [
        `the database has ${ahead.length} applied migration${ahead.length === 1 ? '' : 's'} that this folder does not: ${ahead.map(({ key }) => key).join(', ')}`,
      ];
}
