/** Whether a migration has the approvals that its risks ask for; pure but for the signatures' arithmetic. */
import { isPlinthError, sha256 } from '../../core/index.js';
import { type PublicKey, verifyMessage } from '../../signing/index.js';
import { meaningDigest } from '../../sql/index.js';
import { keyOf, type Migration } from '../migration.js';
import type { ApprovalFile, ApprovalPolicy } from './policy.js';
import { type MigrationRisks, migrationRisks, type Risk, type RiskFinding, risksIn } from './risk.js';
import {
  APPROVAL_NAMESPACE,
  type ApprovalStatement,
  divideApproval,
  parseStatement,
  type ScriptDigests,
} from './statement.js';

/** How a migration stands with its approvals, in one direction. */
export interface ApprovalVerdict {
  readonly version: string;
  readonly name: string;
  readonly direction: 'up' | 'down';
  readonly risks: readonly RiskFinding[];
  /** What the policy asks for, a row a risk. */
  readonly needed: readonly NeededApproval[];
  readonly given: readonly GivenApproval[];
  /** Approvals of this version that do not count, and why. */
  readonly void: readonly VoidApproval[];
  /** Every risk has as many approvals as it needs. */
  readonly approved: boolean;
}

export interface NeededApproval {
  readonly risk: Risk;
  readonly required: number;
  /** How many different approvers have given one that covers the risk. */
  readonly given: number;
}

export interface GivenApproval {
  /** The approver's name in the list of approvers; the key's fingerprint where it has none. */
  readonly approver: string;
  readonly fingerprint: string;
  readonly approvedAt: Date;
  /** The risks that the approver was shown. */
  readonly covers: readonly Risk[];
  readonly file: string;
  /** The approval itself, so that the ledger can keep it. */
  readonly content: string;
}

export interface VoidApproval {
  readonly file: string;
  readonly reason: string;
}

/** The approvals that could be of any migration: read and taken apart once for all of them. */
export interface ReadApproval extends ApprovalFile {
  readonly statement: ApprovalStatement | undefined;
  /** Set where it is no approval at all. */
  readonly flaw: string | undefined;
}

export function takeApart(files: readonly ApprovalFile[]): readonly ReadApproval[] {
  return files.map((approval) => {
    try {
      const { text } = divideApproval(approval.content);
      return { ...approval, statement: parseStatement(text, approval.file), flaw: undefined };
    } catch (error) {
      if (!isPlinthError(error, 'MIGRATE_APPROVAL_MALFORMED')) {
        throw error;
      }
      return { ...approval, statement: undefined, flaw: error.message };
    }
  });
}

/**
 * @param approvals those of the target, of any version
 * @throws MIGRATE_SCRIPT_INVALID when the migration cannot be parsed
 */
export async function judge(
  policy: ApprovalPolicy,
  target: string,
  migration: Migration,
  direction: 'up' | 'down',
  approvals: readonly ReadApproval[],
): Promise<ApprovalVerdict> {
  const risks = await migrationRisks(migration, policy.restricted);
  const own = approvals.filter(({ statement }) => statement?.version === keyOf(migration));
  const given: GivenApproval[] = [];
  const refused: VoidApproval[] = [];
  for (const approval of own) {
    const opinion = opinionOf(policy, target, migration, direction, approval);
    if (typeof opinion === 'string') {
      refused.push({ file: approval.file, reason: opinion });
    } else {
      given.push(opinion);
    }
  }
  const needed = neededApprovals(policy, risks[direction], given);
  return {
    version: keyOf(migration),
    name: migration.name,
    direction,
    risks: risks[direction],
    needed,
    given,
    void: refused,
    approved: needed.every((one) => one.given >= one.required),
  };
}

function neededApprovals(
  { required }: ApprovalPolicy,
  findings: MigrationRisks['up'],
  given: readonly GivenApproval[],
): NeededApproval[] {
  return risksIn(findings).flatMap((risk) => {
    const wanted = required[risk];
    const approvers = given.filter(({ covers }) => covers.includes(risk)).map(({ approver }) => approver);
    return wanted === undefined ? [] : [{ risk, required: wanted, given: new Set(approvers).size }];
  });
}

/** The approval, or why it does not count. */
function opinionOf(
  policy: ApprovalPolicy,
  target: string,
  migration: Migration,
  direction: 'up' | 'down',
  approval: ReadApproval,
): GivenApproval | string {
  const statement = approval.statement!;
  const { text, signature } = divideApproval(approval.content);
  const verified = verifyMessage(APPROVAL_NAMESPACE, text, signature);
  if (!verified.valid) {
    return verified.reason;
  }
  const { fingerprint } = verified.key;
  const approver = policy.approvers.find((key) => key.fingerprint === fingerprint);
  if (!approver || statement.approver !== fingerprint) {
    return approver
      ? 'it names another key than it is signed with'
      : `its key ${fingerprint} is not that of an approver`;
  }
  const flaw = placeFlaw(policy, target, migration, statement) ?? changeOf(migration, direction, statement);
  return (
    flaw ?? {
      approver: nameOf(approver),
      fingerprint,
      approvedAt: statement.approvedAt,
      covers: direction === 'up' ? statement.upRisks : statement.downRisks,
      file: approval.file,
      content: approval.content,
    }
  );
}

/** Two keys of one name are one approver. */
function nameOf({ name, fingerprint }: PublicKey): string {
  return name || fingerprint;
}

function placeFlaw(
  { project }: ApprovalPolicy,
  target: string,
  migration: Migration,
  statement: ApprovalStatement,
): string | undefined {
  if (statement.project !== project) {
    return `it was given for the project '${statement.project}'`;
  }
  if (statement.target !== target) {
    return `it was given for the target '${statement.target}'`;
  }
  return statement.name === migration.name
    ? undefined
    : `it was given when the migration was called '${statement.name}'`;
}

/** The way down belongs to what is approved of an up; for a rollback only the down counts. */
function changeOf(
  migration: Migration,
  direction: 'up' | 'down',
  statement: ApprovalStatement,
): string | undefined {
  const down = scriptChange('down', statement.down, migration.down?.read());
  return direction === 'down' ? down : (scriptChange('up', statement.up, migration.up.read()) ?? down);
}

function scriptChange(
  direction: 'up' | 'down',
  approved: ScriptDigests,
  text: string | undefined,
): string | undefined {
  if (text === undefined || approved === undefined) {
    const isSame = text === undefined && approved === undefined;
    return isSame
      ? undefined
      : `the ${direction} script was ${text === undefined ? 'removed' : 'added'} since it was given`;
  }
  if (sha256(text) === approved.bytes) {
    return undefined;
  }
  return meaningDigest(text) === approved.meaning
    ? `comments or layout of the ${direction} script were changed since it was given (its digest of bytes)`
    : `the statements of the ${direction} script were changed since it was given (its digest of meaning)`;
}

/** The digests that an approval of the script holds. */
export function digestsOf(text: string | undefined): ScriptDigests {
  return text === undefined ? undefined : { bytes: sha256(text), meaning: meaningDigest(text) };
}
