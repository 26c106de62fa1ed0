/**
 * Behind a proxy that pools transactions, what a script sets for its session reaches only its transactions, where
 * the engine repeats it. A statement outside any transaction runs without it: in another schema, as another role.
 */
import { MIGRATE_ERRORS } from '../errors.js';
import type { RunContext } from './context.js';
import { type Script, type Segment, sessionSettingsBefore } from './script.js';

/** Settings without which a statement still does the same. */
const HARMLESS =
  /^(client_encoding|client_min_messages|application_name|check_function_bodies|row_security|standard_conforming_strings|.*_timeout|.*work_mem|max_parallel.*)$/;

/** @throws MIGRATE_DIRECT_NEEDED before anything is run */
export function checkSettingsReach(context: RunContext, script: Script, segments: readonly Segment[]): void {
  if (context.connection.session.isDirect) {
    return;
  }
  for (const segment of segments) {
    if (segment.kind === 'alone') {
      const { start, end, index, tag } = segment.statement;
      const lost = settingsOf(script, index);
      if (context.scope.scope !== '' || lost.length > 0) {
        throw MIGRATE_ERRORS.DIRECT_NEEDED({
          message: `Cannot run ${script.file} through a pooling proxy: ${tag} runs outside any transaction, where ${lost.join(', ') || 'search_path'} cannot be set`,
          source: { file: script.file, text: script.text, start, end },
          details: { settings: lost },
        });
      }
    }
  }
}

function settingsOf(script: Script, index: number): string[] {
  return sessionSettingsBefore(script, index)
    .map(({ classification }) => classification.sessionEffect?.name ?? 'all')
    .filter((name) => !HARMLESS.test(name));
}
