/** Bundles as the source of migrations, in place of a target's folder. */
import { targetSettings } from '../config/index.js';
import {
  LARGEST_BUNDLE_BYTES,
  MIGRATE_ERRORS,
  type MigrateOptions,
  type OpenBundle,
  openTrustedBundle,
} from '../migrate/index.js';
import type { PublicKey } from '../signing/index.js';
import { publicKeys } from './approval-policy.js';
import type { ProjectContext } from './context.js';

/**
 * A bundle whose signature this project trusts.
 * @throws MIGRATE_BUNDLE_INVALID, MIGRATE_BUNDLE_UNTRUSTED, MIGRATE_BUNDLE_OF_ANOTHER, STORAGE_NOT_FOUND and alike
 */
export async function bundleToApply(
  context: ProjectContext,
  place: string,
  { target }: { readonly target?: string },
): Promise<OpenBundle> {
  const { content, name } = await readBundle(place);
  const bundle = openTrustedBundle(content, { name, trusted: trustedKeys(context) });
  const { project } = context.config.settings;
  if (bundle.manifest.project !== project || (target ?? bundle.manifest.target) !== bundle.manifest.target) {
    throw MIGRATE_ERRORS.BUNDLE_OF_ANOTHER({
      message: `Cannot use the bundle ${name}: it is of target '${bundle.manifest.target}' of project '${bundle.manifest.project}'`,
      details: { bundle: name, target: bundle.manifest.target, project: bundle.manifest.project },
    });
  }
  targetSettings(context.config, bundle.manifest.target);
  return bundle;
}

/** The engine's options, with the bundle's texts and approvals instead of the folder's. */
export function withBundle(options: MigrateOptions, bundle: OpenBundle): MigrateOptions {
  const { approvals } = options;
  return {
    ...options,
    folder: bundle.folder,
    ...(approvals ? { approvals: { ...approvals, readApprovals: () => bundle.approvals } } : {}),
  };
}

/** The bytes of a bundle, and how messages call it. @throws STORAGE_NOT_FOUND, STORAGE_TOO_LARGE and alike */
export async function readBundle(
  place: string,
): Promise<{ readonly content: Uint8Array; readonly name: string }> {
  const { locateObject } = await import('../storage/index.js');
  const { store, key, name } = locateObject(place);
  return { content: await store.read(key, LARGEST_BUNDLE_BYTES), name };
}

/** The keys whose bundles are applied. @throws SIGNING_PUBLIC_KEY_INVALID */
export function trustedKeys({ config }: ProjectContext): readonly PublicKey[] {
  const { trusted, trustedFile } = config.settings.bundles;
  return publicKeys(config.root, 'bundles.trusted', trusted, trustedFile);
}
