import { sha256 } from '../../core/index.js';
import { meaningDigest } from '../../sql/index.js';
import type { RecordedScripts } from '../ledger/writes.js';
import { parseScript, type Script } from './script.js';

/** Both scripts of a migration. */
export interface ScriptTexts {
  readonly up: string;
  readonly down: string | undefined;
}

/** What `prepare` needs to know of a task. */
export interface Preparable {
  readonly direction: 'up' | 'down';
  readonly scripts: ScriptTexts;
  /** The file that messages about the script point to. */
  readonly file: string;
  readonly withoutTransaction: boolean;
}

/** A task's script and the ledger's record of both, worked out before anything is sent. */
export interface Prepared {
  readonly script: Script;
  /** Digested when first asked for, on the way down. */
  readonly scripts: RecordedScripts;
}

/**
 * Parses and digests. It needs no server, so it can be done for the next migration while the server is at work.
 * @param refusedInTransaction statements that the server has refused to run in a transaction, by index
 * @throws MIGRATE_SCRIPT_INVALID
 */
export async function prepare(
  { direction, scripts, file, withoutTransaction }: Preparable,
  refusedInTransaction: ReadonlySet<number> = new Set(),
): Promise<Prepared> {
  const text = (direction === 'up' ? scripts.up : scripts.down) ?? '';
  const script = await parseScript({ file, text, withoutTransaction, refusedInTransaction });
  // On the way down the ledger is mostly told no more than that the migration is gone.
  let known = direction === 'up' ? recorded(scripts) : undefined;
  return {
    script,
    get scripts() {
      known ??= recorded(scripts);
      return known;
    },
  };
}

/** The texts with both digests of each. */
export function recorded(texts: ScriptTexts): RecordedScripts {
  return {
    upText: texts.up,
    upBytes: sha256(texts.up),
    upMeaning: meaningDigest(texts.up),
    downText: texts.down,
    downBytes: texts.down === undefined ? undefined : sha256(texts.down),
    downMeaning: texts.down === undefined ? undefined : meaningDigest(texts.down),
  };
}
