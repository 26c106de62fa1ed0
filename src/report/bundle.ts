import type { Style } from './style.js';
import { formatBytes, plural } from './units.js';

export interface BundleView {
  readonly name: string;
  readonly project: string;
  readonly target: string;
  readonly digest: string;
  readonly bytes: number;
  readonly versions: readonly string[];
  readonly approvals: number;
  readonly commit: string | undefined;
  readonly signedBy: string | undefined;
  readonly trusted: boolean;
  readonly notices: readonly string[];
}

/** What a bundle holds, and whether it would be applied. */
export function bundleText(bundle: BundleView, style: Style): string {
  const { versions } = bundle;
  const span = versions.length > 1 ? `, ${versions[0]} … ${versions.at(-1)}` : '';
  const approvals = bundle.approvals > 0 ? `, ${plural(bundle.approvals, 'approval')}` : '';
  return [
    `${style.strong(bundle.name)}  ${style.faint(formatBytes(bundle.bytes))}`,
    `  ${bundle.project}, ${bundle.target}: ${plural(versions.length, 'migration')}${span}${approvals}`,
    `  sha256:${bundle.digest}${bundle.commit ? style.faint(`  commit ${bundle.commit}`) : ''}`,
    `  ${signatureText(bundle, style)}`,
    ...bundle.notices.map((text) => style.warn(`  note: ${text}`)),
  ].join('\n');
}

function signatureText({ signedBy, trusted }: BundleView, style: Style): string {
  if (signedBy === undefined) {
    return style.warn('not signed: it can be verified, and is not applied');
  }
  return trusted
    ? style.good(`signed by ${signedBy}, which is trusted`)
    : style.warn(`signed by ${signedBy}, which is not in bundles.trusted: it is not applied`);
}
