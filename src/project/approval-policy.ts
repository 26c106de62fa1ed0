/** Who may approve what, from `plinth.yaml` and the classification of the data. */
import { posix, resolve } from 'node:path';
import { readDataClassification, targetSettings } from '../config/index.js';
import { readText } from '../core/index.js';
import { type ApprovalFolder, type ApprovalPolicy, readApprovalFolder } from '../migrate/index.js';
import { type PublicKey, parsePublicKey, parsePublicKeys } from '../signing/index.js';
import type { ProjectContext } from './context.js';

/** The policy of a target; one that asks for nothing where `plinth.yaml` has none. */
export function approvalPolicy(context: ProjectContext, target: string): ApprovalPolicy {
  const { approvals } = targetSettings(context.config, target);
  const { root, settings } = context.config;
  const classes = readDataClassification(root);
  return {
    project: settings.project,
    required: approvals?.required ?? {},
    approvers: publicKeys(
      root,
      `targets.${target}.approvals.approvers`,
      approvals?.approvers,
      approvals?.approversFile,
    ),
    restricted: new Set([...classes].flatMap(([column, name]) => (name === 'restricted' ? [column] : []))),
    readApprovals: () => readApprovalFolder(approvalFolder(context, target)),
  };
}

/** Where the approvals of a target lie: beside its migrations, so that no other tool takes them for some. */
export function approvalFolder(context: ProjectContext, target: string): ApprovalFolder {
  const { approvals, migrations } = targetSettings(context.config, target);
  const displayPath = approvals?.folder ?? posix.join(posix.dirname(migrations), 'approvals', target);
  return { path: resolve(context.config.root, displayPath), displayPath };
}

/** The keys that a setting lists, and those of the file that another names. @throws SIGNING_PUBLIC_KEY_INVALID */
export function publicKeys(
  root: string,
  setting: string,
  lines: readonly string[] = [],
  file?: string,
): readonly PublicKey[] {
  return [
    ...lines.map((line, index) => parsePublicKey(line, `${setting}[${index}] in plinth.yaml`)),
    ...(file === undefined ? [] : parsePublicKeys(readText(resolve(root, file)), file)),
  ];
}
