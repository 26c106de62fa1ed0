/** Bundles of migrations: made from a target, and verified. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { makeBundle, type OpenBundle, openBundle } from '../migrate/index.js';
import { findSigner } from '../signing/index.js';
import { approvalPolicy } from './approval-policy.js';
import { readBundle, trustedKeys } from './bundle-source.js';
import type { ProjectContext } from './context.js';
import { oneTarget } from './history.js';
import { folderOf, type TargetChoice } from './migrations.js';

export interface BundleChoice extends TargetChoice {
  /** Where it is written: a path, or `s3://bucket/key`. One of other content that is there is left alone. */
  readonly out: string;
  /** The key to sign with; the bundle is not signed without one. */
  readonly keyFile?: string;
}

/** What a bundle is, without its texts. */
export interface BundleSummary {
  readonly name: string;
  readonly project: string;
  readonly target: string;
  readonly digest: string;
  readonly bytes: number;
  /** The versions in it, in the order in which they are applied. */
  readonly versions: readonly string[];
  readonly approvals: number;
  readonly commit: string | undefined;
  /** The fingerprint of the key that signed it. */
  readonly signedBy: string | undefined;
  /** The key is one that this project trusts: the bundle would be applied. */
  readonly trusted: boolean;
  readonly notices: readonly string[];
}

export interface BundleCalls {
  /** Packs a target's migrations and approvals into one file. */
  bundle(choice: BundleChoice): Promise<BundleSummary>;
  /** Checks every byte of a bundle, whoever signed it. */
  verifyBundle(place: string): Promise<BundleSummary>;
}

export function bundleCalls(context: ProjectContext): BundleCalls {
  return {
    bundle: async ({ out, keyFile, ...choice }) => {
      const target = oneTarget(context, choice);
      const made = await makeBundle({
        project: context.config.settings.project,
        target,
        folder: folderOf(context, target),
        approvals: approvalPolicy(context, target).readApprovals(),
        commit: await commitOf(context.config.root),
        signer: keyFile === undefined ? undefined : await findSigner({ keyFile }),
      });
      const { locateObject } = await import('../storage/index.js');
      const { store, key, name } = locateObject(out);
      await store.write(key, made.content);
      const summary = summaryOf(name, openBundle(made.content, { name, trusted: trustedKeys(context) }));
      return { ...summary, bytes: made.content.length, notices: made.notices };
    },
    verifyBundle: async (place) => {
      const { content, name } = await readBundle(place);
      const opened = openBundle(content, { name, trusted: trustedKeys(context) });
      return { ...summaryOf(name, opened), bytes: content.length };
    },
  };
}

function summaryOf(name: string, { manifest, digest, signedBy, trusted }: OpenBundle): BundleSummary {
  return {
    name,
    project: manifest.project,
    target: manifest.target,
    digest,
    bytes: 0,
    versions: manifest.migrations.map(({ version, name: title, kind }) =>
      kind === 'repeatable' ? `R__${title}` : version,
    ),
    approvals: manifest.approvals.length,
    commit: manifest.commit,
    signedBy: signedBy?.fingerprint,
    trusted,
    notices: [],
  };
}

/** The commit of the project's files, `-dirty` behind it where they differ; nothing without git. */
async function commitOf(root: string): Promise<string | undefined> {
  try {
    const describe = ['describe', '--always', '--abbrev=40', '--exclude=*', '--dirty'];
    const { stdout } = await promisify(execFile)('git', describe, { cwd: root });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
