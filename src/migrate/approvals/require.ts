import { MIGRATE_ERRORS } from '../errors.js';
import { labelOf, type Migration, type ScriptSource } from '../migration.js';
import { type ApprovalVerdict, judge, takeApart } from './judge.js';
import type { ApprovalFile, ApprovalPolicy } from './policy.js';

/** A migration that may run, with what the ledger is to keep of its approvals. */
export interface ApprovedMigration {
  /** Its texts are those that were judged, whatever happens to the files meanwhile. */
  readonly migration: Migration;
  /** For the run's event; empty where no approval was needed. */
  readonly eventDetails: Readonly<Record<string, unknown>>;
}

export interface RequireOptions {
  readonly policy: ApprovalPolicy | undefined;
  readonly target: string;
  readonly direction: 'up' | 'down';
  /** Approvals beside those of the policy: what the ledger has kept. */
  readonly kept?: readonly ApprovalFile[];
}

/**
 * The migrations, if each has the approvals that it needs.
 * @throws MIGRATE_APPROVALS_MISSING, naming all that lack some
 */
export async function requireApprovals(
  { policy, target, direction, kept = [] }: RequireOptions,
  migrations: readonly Migration[],
): Promise<readonly ApprovedMigration[]> {
  if (policy === undefined || migrations.length === 0) {
    return migrations.map((migration) => ({ migration, eventDetails: {} }));
  }
  const approvals = takeApart(distinct([...policy.readApprovals(), ...kept]));
  const approved: ApprovedMigration[] = [];
  const lacking: ApprovalVerdict[] = [];
  for (const migration of migrations.map(frozen)) {
    const verdict = await judge(policy, target, migration, direction, approvals);
    approved.push({ migration, eventDetails: detailsOf(verdict) });
    if (!verdict.approved) {
      lacking.push(verdict);
    }
  }
  if (lacking.length > 0) {
    throw missing(target, direction, lacking);
  }
  return approved;
}

/** An approval may be there both as a file and in the ledger. */
function distinct(files: readonly ApprovalFile[]): readonly ApprovalFile[] {
  return [...new Map(files.map((file) => [file.content, file])).values()];
}

/** The migration with the texts that its files have now. */
function frozen(migration: Migration): Migration {
  const still = (source: ScriptSource): ScriptSource => {
    const text = source.read();
    return { ...source, read: () => text };
  };
  return { ...migration, up: still(migration.up), down: migration.down && still(migration.down) };
}

function detailsOf({ given }: ApprovalVerdict): Readonly<Record<string, unknown>> {
  return given.length === 0
    ? {}
    : {
        approvals: given.map(({ approver, fingerprint, approvedAt, covers, content }) => ({
          approver,
          fingerprint,
          approvedAt,
          covers,
          content,
        })),
      };
}

function missing(target: string, direction: 'up' | 'down', lacking: readonly ApprovalVerdict[]): Error {
  const verb = direction === 'up' ? 'apply to' : 'roll back in';
  const versions = lacking.map(({ version }) => version);
  return MIGRATE_ERRORS.APPROVALS_MISSING({
    message: [
      `Cannot ${verb} '${target}': ${lacking.length === 1 ? 'a migration lacks' : `${lacking.length} migrations lack`} approvals`,
      ...lacking.flatMap(lackText),
    ].join('\n'),
    hint: `Have an approver run \`plinth approve ${versions[0]} --target ${target}\` and commit the file.`,
    details: {
      target,
      direction,
      missing: lacking.map(({ version, needed, void: refused }) => ({ version, needed, void: refused })),
    },
  });
}

function lackText(verdict: ApprovalVerdict): string[] {
  const short = verdict.needed.filter(({ given, required }) => given < required);
  return [
    ...short.map(({ risk, given, required }) => {
      const finding = verdict.risks.find((one) => one.risk === risk)!;
      const place = finding.line === undefined ? '' : ` on line ${finding.line}`;
      return `  ${labelOf(verdict)}: ${risk} needs ${required}, has ${given} (${finding.reason}${place})`;
    }),
    ...verdict.void.map(({ file, reason }) => `    void: ${file}: ${reason}`),
  ];
}
