import { join } from 'node:path';
import { systemClock, writeFileAtomic } from '../../core/index.js';
import { type Signer, signMessage } from '../../signing/index.js';
import { MIGRATE_ERRORS } from '../errors.js';
import { readFolder } from '../folder/read-folder.js';
import { keyOf } from '../migration.js';
import type { MigrateOptions } from '../options.js';
import { findVersion } from '../version.js';
import { type ApprovalFolder, approvalFileName } from './approval-files.js';
import { digestsOf } from './judge.js';
import type { ApprovalPolicy } from './policy.js';
import { migrationRisks, type RiskFinding, risksIn } from './risk.js';
import { APPROVAL_NAMESPACE, statementText } from './statement.js';

export interface ApproveOptions extends Pick<MigrateOptions, 'target' | 'folder'> {
  /** The version, its beginning, or `R__name`. */
  readonly version: string;
  readonly policy: ApprovalPolicy;
  readonly approvals: ApprovalFolder;
  readonly signer: Signer;
  readonly now?: () => Date;
}

/** An approval that was given. */
export interface Approval {
  readonly target: string;
  readonly version: string;
  readonly name: string;
  readonly approver: string;
  readonly fingerprint: string;
  /** What was approved of, by direction. */
  readonly upRisks: readonly RiskFinding[];
  readonly downRisks: readonly RiskFinding[];
  /** The file that was written, as messages show it. */
  readonly file: string;
}

/**
 * Signs a migration as it is now, both directions, and writes the approval; one of the same key is replaced.
 * @throws MIGRATE_VERSION_UNKNOWN, MIGRATE_APPROVER_UNKNOWN when the key is not that of an approver
 */
export async function approve(options: ApproveOptions): Promise<Approval> {
  const { target, policy, signer, approvals } = options;
  const { migrations } = readFolder(options.folder);
  const key = findVersion(migrations.map(keyOf), options.version);
  const migration = migrations.find((candidate) => keyOf(candidate) === key);
  if (!migration) {
    throw MIGRATE_ERRORS.VERSION_UNKNOWN({
      message: `Cannot approve ${options.version}: the folder of '${target}' has no such migration`,
      details: { version: options.version },
    });
  }
  const { fingerprint } = signer.publicKey;
  const approver = policy.approvers.find((known) => known.fingerprint === fingerprint);
  if (!approver) {
    throw MIGRATE_ERRORS.APPROVER_UNKNOWN({
      message: `Cannot approve ${options.version}: the key ${fingerprint} is not that of an approver of '${target}'`,
      details: { target, fingerprint },
    });
  }
  const risks = await migrationRisks(migration, policy.restricted);
  const version = keyOf(migration);
  const text = statementText({
    project: policy.project,
    target,
    version,
    name: migration.name,
    up: digestsOf(migration.up.read()),
    down: digestsOf(migration.down?.read()),
    upRisks: risksIn(risks.up),
    downRisks: risksIn(risks.down),
    approver: fingerprint,
    approvedAt: (options.now ?? systemClock.now)(),
  });
  const name = approvalFileName(version, fingerprint);
  writeFileAtomic(
    join(approvals.path, name),
    `${text}${await signMessage(signer, APPROVAL_NAMESPACE, text)}`,
  );
  return {
    target,
    version,
    name: migration.name,
    approver: approver.name || fingerprint,
    fingerprint,
    upRisks: risks.up,
    downRisks: risks.down,
    file: `${approvals.displayPath ?? approvals.path}/${name}`,
  };
}
