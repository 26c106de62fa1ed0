/** What is wrong between a folder and the ledger, one problem a migration, and what a repair would do about it. */
import { lineDiff } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { meaningDigest } from '../../sql/index.js';
import { type LedgerScope, readTexts } from '../ledger/ledger.js';
import { labelOf, type ScriptSource } from '../migration.js';
import { parseScript, type Script } from '../run/script.js';
import type { MigrationStanding } from '../state.js';

export type ProblemKind =
  /** The file's statements are not the ones that were applied. */
  | 'changed'
  /** Comments or layout of the file changed; its statements did not. */
  | 'layout'
  /** It is applied, and has no file. */
  | 'missing'
  /** It is half-done, in statements that no transaction can hold. */
  | 'interrupted';

export interface Problem {
  readonly kind: ProblemKind;
  readonly version: string;
  readonly name: string;
  /** What is so. */
  readonly message: string;
  /** What a repair would do, and what must be true for it to be right. */
  readonly remedy: string;
  /** How the file differs from what was applied, line by line. */
  readonly diff: string | undefined;
  /** For a half-done one: which way it was going. */
  readonly direction: 'up' | 'down' | undefined;
  /** For a half-done one: the statements that a repair would take as done. */
  readonly step: Step | undefined;
}

/** The part of a half-done script that was under way: what one transaction holds, or one statement. */
export interface Step {
  /** How many statements are done once this step is, and how many the script has. */
  readonly doneAfter: number;
  readonly of: number;
  /** Its statements, from 1, with their first lines. */
  readonly statements: readonly { readonly number: number; readonly text: string }[];
}

export async function findProblems(
  session: Session,
  scope: LedgerScope,
  standings: readonly MigrationStanding[],
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const standing of standings) {
    switch (standing.state) {
      case 'edited':
        problems.push(await editedProblem(session, scope, standing));
        break;
      case 'missing':
        problems.push(missingProblem(standing));
        break;
      case 'interrupted':
        problems.push(await interruptedProblem(session, scope, standing));
        break;
      default:
    }
  }
  return problems;
}

async function editedProblem(
  session: Session,
  scope: LedgerScope,
  standing: MigrationStanding,
): Promise<Problem> {
  const { up } = standing.migration!;
  const now = up.read();
  const kept = await readTexts(session, scope, standing.key);
  const isLayout = meaningDigest(now) === standing.entry!.upMeaning;
  return {
    kind: isLayout ? 'layout' : 'changed',
    ...naming(standing),
    message: isLayout
      ? `${up.file}: its comments or layout changed since it was applied; its statements did not`
      : `${up.file} was changed after it was applied`,
    remedy: isLayout
      ? 'take the file as it is now into the ledger; nothing needs to be true for that'
      : 'take the file as it is now into the ledger, without running it: right when the database already is as the file would make it',
    diff: lineDiff(kept.up, now, { contextLines: 2 }).join('\n'),
    direction: undefined,
    step: undefined,
  };
}

function missingProblem(standing: MigrationStanding): Problem {
  const { version, name } = naming(standing);
  return {
    kind: 'missing',
    version,
    name,
    message: `${labelOf({ version, name })} is applied and has no file`,
    remedy:
      'remove its row from the ledger, without running its down: right when its down was run by hand (`plinth show` prints it); otherwise restore the file, or roll it back',
    diff: undefined,
    direction: undefined,
    step: undefined,
  };
}

async function interruptedProblem(
  session: Session,
  scope: LedgerScope,
  standing: MigrationStanding,
): Promise<Problem> {
  const entry = standing.entry!;
  const direction = entry.state === 'applying' ? 'up' : 'down';
  const source = direction === 'up' ? standing.migration?.up : standing.migration?.down;
  const step = await stepOf(session, scope, standing, direction, source);
  const label = labelOf({ version: standing.key, name: standing.name });
  return {
    kind: 'interrupted',
    ...naming(standing),
    message: `${label} is half-done on its way ${direction}: ${entry.statementsDone} of ${step?.of ?? '?'} statements are done`,
    remedy: step
      ? `take ${numbersOf(step)} as done, without running ${step.statements.length === 1 ? 'it' : 'them'}: right when that was done by hand; otherwise the next ${direction === 'up' ? 'apply' : 'rollback'} goes on by itself`
      : `record it as ${direction === 'up' ? 'applied' : 'rolled back'}: every statement is done`,
    diff: undefined,
    direction,
    step,
  };
}

async function stepOf(
  session: Session,
  scope: LedgerScope,
  { key, entry }: MigrationStanding,
  direction: 'up' | 'down',
  source: ScriptSource | undefined,
): Promise<Step | undefined> {
  const kept = await readTexts(session, scope, key);
  const text = source?.read() ?? (direction === 'up' ? kept.up : (kept.down ?? ''));
  const script = await parseScript({
    file: source?.file ?? `${key} (from the ledger)`,
    text,
    withoutTransaction: source?.withoutTransaction ?? false,
  });
  const next = stepsOf(script).find((statements) => statements.at(-1)!.index >= entry!.statementsDone);
  return (
    next && {
      doneAfter: next.at(-1)!.index + 1,
      of: script.statements.length,
      statements: next
        .filter(({ index }) => index >= entry!.statementsDone)
        .map(({ index, text: sql }) => ({ number: index + 1, text: sql.split('\n')[0]! })),
    }
  );
}

function stepsOf(script: Script): readonly Script['statements'][] {
  return script.segments.map((segment) =>
    segment.kind === 'alone' ? [segment.statement] : segment.statements,
  );
}

function numbersOf({ statements }: Step): string {
  const [first, last] = [statements[0]!.number, statements.at(-1)!.number];
  return first === last ? `statement ${first}` : `statements ${first} to ${last}`;
}

function naming({ key, name }: MigrationStanding): { readonly version: string; readonly name: string } {
  return { version: key, name };
}
