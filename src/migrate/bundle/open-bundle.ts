import { sha256 } from '../../core/index.js';
import { type PublicKey, verifyMessage } from '../../signing/index.js';
import { meaningDigest } from '../../sql/index.js';
import type { ApprovalFile } from '../approvals/policy.js';
import { MIGRATE_ERRORS } from '../errors.js';
import { keyOf, type Migration, type MigrationFolder, type ScriptSource } from '../migration.js';
import {
  BUNDLE_NAMESPACE,
  type BundleManifest,
  MANIFEST_PATH,
  parseManifest,
  SIGNATURE_PATH,
} from './manifest.js';
import { readTar } from './tar.js';

/** The largest bundle that is read, in bytes. */
export const LARGEST_BUNDLE_BYTES = 256 * 1024 * 1024;

/** A bundle whose every entry is what its manifest says. */
export interface OpenBundle {
  readonly manifest: BundleManifest;
  /** SHA-256 of the bundle's bytes. */
  readonly digest: string;
  /** The key that signed it; the name is that of the trusted key. */
  readonly signedBy: PublicKey | undefined;
  /** The key is one of those that were trusted. */
  readonly trusted: boolean;
  /** The migrations, as a folder would hold them; its path is what the ledger shows as the run's source. */
  readonly folder: MigrationFolder;
  readonly approvals: readonly ApprovalFile[];
}

export interface OpenBundleOptions {
  /** How messages call it: the file or object it came from. */
  readonly name: string;
  readonly trusted: readonly PublicKey[];
}

/**
 * Reads a bundle and checks its signature and every digest.
 * @throws MIGRATE_BUNDLE_INVALID when a byte is not as it was made
 */
export function openBundle(content: Uint8Array, options: OpenBundleOptions): OpenBundle {
  try {
    return readBundle(content, options);
  } catch (cause) {
    if (!(cause instanceof RangeError)) {
      throw cause;
    }
    throw MIGRATE_ERRORS.BUNDLE_INVALID({
      message: `Cannot use the bundle ${options.name}: ${cause.message}`,
      details: { bundle: options.name },
    });
  }
}

/**
 * The same, for applying it.
 * @throws MIGRATE_BUNDLE_INVALID; MIGRATE_BUNDLE_UNTRUSTED when no trusted key has signed it
 */
export function openTrustedBundle(content: Uint8Array, options: OpenBundleOptions): OpenBundle {
  const bundle = openBundle(content, options);
  if (!bundle.trusted) {
    const by = bundle.signedBy
      ? `it is signed with ${bundle.signedBy.fingerprint}, which is not in bundles.trusted`
      : 'it is not signed';
    throw MIGRATE_ERRORS.BUNDLE_UNTRUSTED({
      message: `Cannot use the bundle ${options.name}: ${by}`,
      details: { bundle: options.name, fingerprint: bundle.signedBy?.fingerprint },
    });
  }
  return bundle;
}

function readBundle(content: Uint8Array, { name, trusted }: OpenBundleOptions): OpenBundle {
  if (content.length > LARGEST_BUNDLE_BYTES) {
    throw new RangeError(`it is larger than ${LARGEST_BUNDLE_BYTES / 1024 / 1024} MiB`);
  }
  const entries = new Map(readTar(content).map((entry) => [entry.path, decoded(entry)]));
  const text = entries.get(MANIFEST_PATH);
  if (text === undefined) {
    throw new RangeError('it has no manifest');
  }
  const manifest = parseManifest(text);
  const signer = signerOf(text, entries.get(SIGNATURE_PATH));
  checkEntries(manifest, entries);
  const known = trusted.find(({ fingerprint }) => fingerprint === signer?.fingerprint);
  const digest = sha256(content);
  return {
    manifest,
    digest,
    signedBy: known ?? signer,
    trusted: known !== undefined,
    folder: folderOf(manifest, entries, name, digest),
    approvals: manifest.approvals.map(({ path, file }) => ({ file, content: entries.get(path)! })),
  };
}

/** Every script is text in UTF-8, so that a digest of the text is one of the bytes. */
function decoded({ path, content }: { readonly path: string; readonly content: Uint8Array }): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new RangeError(`${path} is not text in UTF-8`);
  }
}

function signerOf(manifest: string, signature: string | undefined): PublicKey | undefined {
  if (signature === undefined) {
    return undefined;
  }
  const verified = verifyMessage(BUNDLE_NAMESPACE, manifest, signature);
  if (!verified.valid) {
    throw new RangeError(verified.reason);
  }
  return verified.key;
}

function checkEntries(manifest: BundleManifest, entries: ReadonlyMap<string, string>): void {
  const scripts = manifest.migrations.flatMap(({ up, down }) => (down ? [up, down] : [up]));
  const listed = [...scripts, ...manifest.approvals];
  const expected = new Set([MANIFEST_PATH, SIGNATURE_PATH, ...listed.map(({ path }) => path)]);
  for (const { path, bytes } of listed) {
    const text = entries.get(path);
    if (text === undefined) {
      throw new RangeError(`${path} is missing`);
    }
    if (sha256(text) !== bytes) {
      throw new RangeError(`${path} was changed after the bundle was made`);
    }
  }
  for (const { path, meaning } of scripts) {
    if (meaningDigest(entries.get(path)!) !== meaning) {
      throw new RangeError(`the digest of the meaning of ${path} is not right`);
    }
  }
  const extra = [...entries.keys()].find((path) => !expected.has(path));
  if (extra !== undefined) {
    throw new RangeError(`it has an entry that its manifest does not name: ${extra}`);
  }
  const keys = new Set(manifest.migrations.map(keyOf));
  if (keys.size !== manifest.migrations.length || expected.size !== listed.length + 2) {
    throw new RangeError('its manifest names a migration or an entry twice');
  }
}

function folderOf(
  manifest: BundleManifest,
  entries: ReadonlyMap<string, string>,
  name: string,
  digest: string,
): MigrationFolder {
  const source = ({
    path,
    file,
    withoutTransaction,
  }: BundleManifest['migrations'][number]['up']): ScriptSource => ({
    file: `${name}: ${file}`,
    read: () => entries.get(path)!,
    ...(withoutTransaction ? { withoutTransaction } : {}),
  });
  return {
    path: `bundle sha256:${digest}`,
    format: manifest.format,
    programs: [],
    notices: [],
    migrations: manifest.migrations.map(
      ({ version, name: title, kind, up, down }): Migration => ({
        version,
        name: title,
        kind,
        up: source(up),
        down: down && source(down),
      }),
    ),
  };
}
