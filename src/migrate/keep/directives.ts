/**
 * What a script says about kept data: `-- plinth: keep users.email` (this too, before the next statement runs),
 * `-- plinth: keep=off reason="…"` (nothing: for the next statement, or in the head for the whole script) and
 * `-- plinth: restore` (put back here, not only at the end).
 */
import type { Directive, RelationName } from '../../sql/index.js';
import { MIGRATE_ERRORS } from '../errors.js';
import type { Script, ScriptStatement } from '../run/script.js';

export interface KeepDirectives {
  /** Why the whole script keeps nothing, if it says so. */
  readonly off: string | undefined;
  /** Why a statement keeps nothing. */
  readonly offBefore: ReadonlyMap<ScriptStatement, string>;
  /** Tables, or columns of theirs, to keep before a statement. */
  readonly keepBefore: ReadonlyMap<ScriptStatement, readonly KeepTarget[]>;
  readonly restoreBefore: ReadonlySet<ScriptStatement>;
}

export interface KeepTarget {
  /** What the line names, as `schema.table`, `table` or either with a column behind it. */
  readonly readings: readonly { readonly table: RelationName; readonly column: string | undefined }[];
}

const NONE: KeepDirectives = {
  off: undefined,
  offBefore: new Map(),
  keepBefore: new Map(),
  restoreBefore: new Set(),
};

/** @throws MIGRATE_SCRIPT_INVALID when a line cannot be understood */
export function keepDirectives(script: Script): KeepDirectives {
  if (script.directives.length === 0) {
    return NONE;
  }
  let off: string | undefined;
  const offBefore = new Map<ScriptStatement, string>();
  const keepBefore = new Map<ScriptStatement, KeepTarget[]>();
  const restoreBefore = new Set<ScriptStatement>();
  for (const directive of script.directives) {
    const next = script.statements.find(({ start }) => start >= directive.end);
    const word = directive.words[0]?.text;
    const keep = directive.settings.find(({ key }) => key === 'keep');
    if (keep) {
      const reason = reasonOf(script, directive, keep.value);
      if (next === undefined || next === script.statements[0]) {
        off = reason;
      } else {
        offBefore.set(next, reason);
      }
    } else if (word === 'keep' && next) {
      const targets = directive.words.slice(1).map(({ text }) => targetOf(text));
      if (targets.length === 0) {
        throw invalid(script, directive, 'it names nothing to keep');
      }
      keepBefore.set(next, [...(keepBefore.get(next) ?? []), ...targets]);
    } else if (word === 'restore' && next) {
      restoreBefore.add(next);
    }
  }
  return { off, offBefore, keepBefore, restoreBefore };
}

function reasonOf(script: Script, directive: Directive, value: string): string {
  const reason = directive.settings.find(({ key }) => key === 'reason')?.value.trim();
  if (value !== 'off') {
    throw invalid(script, directive, `keep=${value} is not known (keep=off was wanted)`);
  }
  if (!reason) {
    throw invalid(script, directive, 'keep=off needs a reason="…"');
  }
  return reason;
}

function targetOf(text: string): KeepTarget {
  const parts = (text.replace(/,$/, '').match(/"(?:[^"]|"")*"|[^."]+/g) ?? []).map((part) =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase(),
  );
  const whole = { table: { schema: parts.at(-2), name: parts.at(-1) ?? '' }, column: undefined };
  const column = { table: { schema: parts.at(-3), name: parts.at(-2) ?? '' }, column: parts.at(-1) };
  return { readings: parts.length === 1 ? [whole] : parts.length === 2 ? [column, whole] : [column] };
}

function invalid(script: Script, { start, end }: Directive, why: string): Error {
  return MIGRATE_ERRORS.SCRIPT_INVALID({
    message: `Cannot run ${script.file}: ${why}`,
    source: { file: script.file, text: script.text, start, end },
  });
}
