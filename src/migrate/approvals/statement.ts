/**
 * What an approver signs, and the file it is kept in. The signed text is the file itself down to the signature:
 * lines that a person can read, in one fixed order, so that there is nothing to canonicalize and `ssh-keygen -Y
 * verify` can check it without Plinth. A text that is not exactly what its values would be written as is refused.
 */
import { MIGRATE_ERRORS } from '../errors.js';
import { RISKS, type Risk } from './risk.js';

/** The digests of one script, or `none` where there is no such script. */
export type ScriptDigests = { readonly bytes: string; readonly meaning: string } | undefined;

/** An approver's consent to one migration of one target, as it was when it was given. */
export interface ApprovalStatement {
  readonly project: string;
  readonly target: string;
  /** The version, or `R__name` for a repeatable migration. */
  readonly version: string;
  readonly name: string;
  readonly up: ScriptDigests;
  readonly down: ScriptDigests;
  /** The risks that the approver was shown, by direction. */
  readonly upRisks: readonly Risk[];
  readonly downRisks: readonly Risk[];
  /** The fingerprint of the approver's key. */
  readonly approver: string;
  /** When it was given, to the second, in UTC. */
  readonly approvedAt: Date;
}

/** A signature made for an approval counts for nothing else, and no other signature for an approval. */
export const APPROVAL_NAMESPACE = 'plinth-approval';

const FORMAT = 'plinth-approval 1';

/** The text that is signed: a heading, then `key: value` lines, each ending in a newline. */
export function statementText(statement: ApprovalStatement): string {
  const lines: readonly (readonly [string, string])[] = [
    ['project', encoded(statement.project)],
    ['target', encoded(statement.target)],
    ['version', encoded(statement.version)],
    ['name', encoded(statement.name)],
    ['up.bytes', statement.up?.bytes ?? 'none'],
    ['up.meaning', statement.up?.meaning ?? 'none'],
    ['up.risks', statement.upRisks.join(', ') || 'none'],
    ['down.bytes', statement.down?.bytes ?? 'none'],
    ['down.meaning', statement.down?.meaning ?? 'none'],
    ['down.risks', statement.downRisks.join(', ') || 'none'],
    ['approver', encoded(statement.approver)],
    ['approved-at', `${statement.approvedAt.toISOString().slice(0, 19)}Z`],
  ];
  return [FORMAT, ...lines.map(([key, value]) => `${key}: ${value}`), ''].join('\n');
}

/**
 * The statement that a text is.
 * @throws MIGRATE_APPROVAL_MALFORMED when it is not exactly as `statementText` writes it
 */
export function parseStatement(text: string, file: string): ApprovalStatement {
  const [heading, ...lines] = text.split('\n');
  if (heading !== FORMAT) {
    throw malformed(file, `its first line is not '${FORMAT}'`);
  }
  const values = new Map(lines.map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]));
  const value = (key: string): string => values.get(key) ?? '';
  const digests = (direction: 'up' | 'down'): ScriptDigests => {
    const [bytes, meaning] = [value(`${direction}.bytes`), value(`${direction}.meaning`)];
    return bytes === 'none' ? undefined : { bytes, meaning };
  };
  const approvedAt = new Date(value('approved-at'));
  if (Number.isNaN(approvedAt.getTime())) {
    throw malformed(file, 'its time is none');
  }
  const statement: ApprovalStatement = {
    project: decoded(value('project')),
    target: decoded(value('target')),
    version: decoded(value('version')),
    name: decoded(value('name')),
    up: digests('up'),
    down: digests('down'),
    upRisks: risks(value('up.risks')),
    downRisks: risks(value('down.risks')),
    approver: decoded(value('approver')),
    approvedAt,
  };
  if (statementText(statement) !== text) {
    throw malformed(file, 'a line is missing, superfluous, changed or out of its place');
  }
  return statement;
}

/** A statement with its signature, as a file holds them. */
export interface SignedText {
  readonly text: string;
  readonly signature: string;
}

/** Divides an approval file; a checkout may have converted its line endings. */
export function divideApproval(content: string): SignedText {
  const unix = content.replaceAll('\r\n', '\n');
  const at = unix.indexOf('-----BEGIN SSH SIGNATURE-----');
  return at === -1 ? { text: unix, signature: '' } : { text: unix.slice(0, at), signature: unix.slice(at) };
}

function risks(text: string): readonly Risk[] {
  const named = text.split(', ');
  return RISKS.filter((risk) => named.includes(risk));
}

/** Names come from files and settings: what would break a line is written as percent codes. */
function encoded(value: string): string {
  return value.replace(/[%\p{Cc}\u2028\u2029]/gu, encodeURIComponent);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function malformed(file: string, reason: string): Error {
  return MIGRATE_ERRORS.APPROVAL_MALFORMED({
    message: `Cannot read the approval ${file}: ${reason}`,
    details: { file },
  });
}
