/** What a statement leaves behind in the session that runs it. */
import type { Node } from 'libpg-query';
import { bodyOf, namesOf, nodeName } from './node.js';

/**
 * - `set`, `reset`: a setting; `until` says whether it ends with the transaction
 * - `listen`, `prepare`, `cursor`, `load`: a registration of that kind, or its end
 * - `discard`: everything, or one kind of state
 */
export interface SessionEffect {
  readonly kind: 'set' | 'reset' | 'discard' | 'listen' | 'prepare' | 'cursor' | 'load';
  /** The setting, channel, statement or cursor; `all` where all of them are meant. */
  readonly name: string;
  /** `transaction` for `set local` and its like: nothing is left behind after the commit. */
  readonly until: 'transaction' | 'session';
}

/** The session effect of a statement, or `undefined` when it has none that the statement shows. */
export function sessionEffect(node: Node): SessionEffect | undefined {
  switch (nodeName(node)) {
    case 'VariableSetStmt':
      return settingEffect(bodyOf(node, 'VariableSetStmt')!);
    case 'SelectStmt':
      return setConfigEffect(bodyOf(node, 'SelectStmt')!.targetList);
    case 'DiscardStmt':
      return ofSession('discard', bodyOf(node, 'DiscardStmt')!.target!.replace('DISCARD_', '').toLowerCase());
    case 'ListenStmt':
      return ofSession('listen', bodyOf(node, 'ListenStmt')!.conditionname);
    case 'UnlistenStmt':
      return ofSession('listen', bodyOf(node, 'UnlistenStmt')!.conditionname);
    case 'PrepareStmt':
      return ofSession('prepare', bodyOf(node, 'PrepareStmt')!.name);
    case 'DeallocateStmt':
      return ofSession('prepare', bodyOf(node, 'DeallocateStmt')!.name);
    case 'DeclareCursorStmt':
      return cursorEffect(bodyOf(node, 'DeclareCursorStmt')!);
    case 'LoadStmt':
      return ofSession('load', bodyOf(node, 'LoadStmt')!.filename);
    default:
      return undefined;
  }
}

function ofSession(kind: SessionEffect['kind'], name: string | undefined): SessionEffect {
  return { kind, name: name || 'all', until: 'session' };
}

/** `set transaction` and `set constraints` end with the transaction; `set session characteristics` does not. */
function settingEffect(body: {
  readonly kind?: string;
  readonly name?: string;
  readonly is_local?: boolean;
}): SessionEffect {
  const kind = body.kind === 'VAR_RESET' || body.kind === 'VAR_RESET_ALL' ? 'reset' : 'set';
  const isLocal = body.is_local === true || body.name?.startsWith('TRANSACTION') === true;
  return {
    kind,
    name: (body.name || 'all').toLowerCase(),
    until: isLocal ? 'transaction' : 'session',
  };
}

/** `select set_config('search_path', '', false)`, as pg_dump writes it. */
function setConfigEffect(targets: readonly Node[] | undefined): SessionEffect | undefined {
  for (const target of targets ?? []) {
    const call = bodyOf(bodyOf(target, 'ResTarget')?.val, 'FuncCall');
    if (namesOf(call?.funcname).at(-1) === 'set_config') {
      const [name, , isLocal] = call?.args ?? [];
      const constant = bodyOf(isLocal, 'A_Const')?.boolval;
      return {
        kind: 'set',
        name: bodyOf(name, 'A_Const')?.sval?.sval?.toLowerCase() ?? 'all',
        until: constant?.boolval === true ? 'transaction' : 'session',
      };
    }
  }
  return undefined;
}

function cursorEffect(body: { readonly portalname?: string; readonly options?: number }): SessionEffect {
  const CURSOR_OPT_HOLD = 0x20;
  return {
    kind: 'cursor',
    name: body.portalname ?? 'all',
    until: (body.options ?? 0) & CURSOR_OPT_HOLD ? 'session' : 'transaction',
  };
}
