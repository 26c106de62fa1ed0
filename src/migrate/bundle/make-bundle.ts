import { packageVersion, sha256 } from '../../core/index.js';
import { type Signer, signMessage } from '../../signing/index.js';
import { meaningDigest } from '../../sql/index.js';
import type { ApprovalFile } from '../approvals/policy.js';
import { readFolder } from '../folder/read-folder.js';
import { keyOf, labelOf, type ScriptSource } from '../migration.js';
import type { MigrateOptions } from '../options.js';
import {
  BUNDLE_NAMESPACE,
  type BundleManifest,
  MANIFEST_PATH,
  manifestText,
  SIGNATURE_PATH,
} from './manifest.js';
import { type TarEntry, writeTar } from './tar.js';

export interface MakeBundleOptions extends Pick<MigrateOptions, 'target' | 'folder'> {
  readonly project: string;
  readonly approvals: readonly ApprovalFile[];
  /** The commit of the project's files, if known. */
  readonly commit?: string | undefined;
  /** Without one, the bundle can be verified against itself only, and is never applied. */
  readonly signer?: Signer | undefined;
}

export interface MadeBundle {
  readonly manifest: BundleManifest;
  readonly content: Uint8Array;
  /** SHA-256 of the content. */
  readonly digest: string;
  readonly signedBy: string | undefined;
  readonly notices: readonly string[];
}

/** Packs all migrations of a target, with their approvals. The same files, key and versions give the same bytes. */
export async function makeBundle(options: MakeBundleOptions): Promise<MadeBundle> {
  const folder = readFolder(options.folder);
  const entries: TarEntry[] = [];
  const add = (path: string, text: string): void => {
    entries.push({ path, content: Buffer.from(text) });
  };
  const script = (source: ScriptSource, stem: string, direction: 'up' | 'down') => {
    const path = `migrations/${stem}.${direction}.sql`;
    const text = source.read();
    add(path, text);
    return {
      path,
      file: source.file,
      bytes: sha256(text),
      meaning: meaningDigest(text),
      ...(source.withoutTransaction ? { withoutTransaction: true as const } : {}),
    };
  };
  const migrations = folder.migrations.map((migration) => {
    const { version, name, kind, up, down } = migration;
    const stem = entryName(labelOf({ version: keyOf(migration), name: kind === 'versioned' ? name : '' }));
    const scripts = {
      up: script(up, stem, 'up'),
      ...(down ? { down: script(down, stem, 'down') } : {}),
    };
    return { version, name, kind, ...scripts };
  });
  const approvals = options.approvals.map(({ file, content }) => {
    const path = `approvals/${entryName(file.split('/').at(-1)!)}`;
    add(path, content);
    return { path, file, bytes: sha256(content) };
  });
  const manifest: BundleManifest = {
    kind: 'plinth-bundle',
    version: 1,
    project: options.project,
    target: options.target,
    format: folder.format,
    plinth: packageVersion(),
    ...(options.commit === undefined ? {} : { commit: options.commit }),
    migrations,
    approvals,
  };
  const text = manifestText(manifest);
  add(MANIFEST_PATH, text);
  if (options.signer) {
    add(SIGNATURE_PATH, await signMessage(options.signer, BUNDLE_NAMESPACE, text));
  }
  const content = writeTar(entries);
  const signedBy = options.signer?.publicKey.fingerprint;
  return { manifest, content, digest: sha256(content), signedBy, notices: folder.notices };
}

const LONGEST_NAME = 70;

/** A name that a tar entry can have, different for different names. */
function entryName(name: string): string {
  const safe = name.replace(/[^\w.-]/g, '-').replace(/^[.-]/, '_');
  return safe === name && safe.length <= LONGEST_NAME
    ? safe
    : `${safe.slice(0, LONGEST_NAME - 13)}-${sha256(name).slice(0, 12)}`;
}
