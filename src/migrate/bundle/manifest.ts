import { z } from 'zod';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** Nothing that would leave the folder that somebody unpacks it in. */
const entryPath = z.string().regex(/^(migrations|approvals)\/\w[\w.-]*$/);

const script = z.strictObject({
  /** Its path in the archive. */
  path: entryPath,
  /** The file it came from, as messages show it. */
  file: z.string(),
  bytes: digest,
  meaning: digest,
  /** The file asks that no transaction be wrapped around its statements. */
  withoutTransaction: z.literal(true).optional(),
});

const manifestSchema = z.strictObject({
  kind: z.literal('plinth-bundle'),
  version: z.literal(1),
  project: z.string(),
  target: z.string(),
  /** The format of the folder that it was made from. */
  format: z.string(),
  /** The version of Plinth that made it. */
  plinth: z.string(),
  /** The commit that it was made from, with `-dirty` where files differed from it. */
  commit: z.string().optional(),
  /** In the order in which they are applied. */
  migrations: z.array(
    z.strictObject({
      version: z.string(),
      name: z.string(),
      kind: z.enum(['versioned', 'repeatable']),
      up: script,
      down: script.optional(),
    }),
  ),
  approvals: z.array(z.strictObject({ path: entryPath, file: z.string(), bytes: digest })),
});

/** What a bundle says of itself; every other entry of the archive is named in it, with its digest. */
export type BundleManifest = Readonly<z.output<typeof manifestSchema>>;

export const MANIFEST_PATH = 'manifest.json';
export const SIGNATURE_PATH = 'manifest.sig';
export const BUNDLE_NAMESPACE = 'plinth-bundle';

/** The one text of a manifest: what is signed. */
export function manifestText(manifest: BundleManifest): string {
  return `${JSON.stringify(manifestSchema.parse(manifest), null, 2)}\n`;
}

/** @throws RangeError, saying what is wrong, when the text is not exactly that of a manifest */
export function parseManifest(text: string): BundleManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RangeError('its manifest is not JSON');
  }
  const { version } = (value ?? {}) as { readonly version?: unknown };
  if (typeof version === 'number' && version > 1) {
    throw new RangeError(`its format is ${version} (1 was wanted): use a newer Plinth`);
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new RangeError(`its manifest is not right at '${issue.path.join('.')}'`);
  }
  if (manifestText(parsed.data) !== text) {
    throw new RangeError('its manifest is not written as Plinth writes one');
  }
  return parsed.data;
}
