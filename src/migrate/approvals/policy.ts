import type { PublicKey } from '../../signing/index.js';
import type { Risk } from './risk.js';
import type { RestrictedColumns } from './touched-columns.js';

/** Which migrations of a target need whose approval. */
export interface ApprovalPolicy {
  /** The project's name: an approval for one project does not count in another. */
  readonly project: string;
  /** How many approvals a migration needs, by risk; a risk that is not named needs none. */
  readonly required: Readonly<Partial<Record<Risk, number>>>;
  /** Whose approvals count. Keys of one name are one person's. */
  readonly approvers: readonly PublicKey[];
  readonly restricted: RestrictedColumns;
  /** The approvals that there are for the target, of any worth. */
  readApprovals(): readonly ApprovalFile[];
}

/** An approval as it is kept. */
export interface ApprovalFile {
  /** The file's path as messages show it. */
  readonly file: string;
  readonly content: string;
}
