import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../../core/index.js';
import type { ApprovalFile } from './policy.js';

const EXTENSION = '.approval';

/** The folder of a target's approvals. */
export interface ApprovalFolder {
  readonly path: string;
  /** The path as messages show it; `path` unless given. */
  readonly displayPath?: string;
}

/** Every approval of the folder, sorted by file name; none where there is no such folder. @throws FILE_NOT_READ */
export function readApprovalFolder({ path, displayPath = path }: ApprovalFolder): readonly ApprovalFile[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    return [];
  }
  return readdirSync(path)
    .filter((name) => name.endsWith(EXTENSION))
    .sort()
    .map((name) => ({ file: `${displayPath}/${name}`, content: readText(join(path, name)) }));
}

/**
 * One file a version and key, so that approvers never edit the same file: the version, then the first characters of
 * the key's digest.
 */
export function approvalFileName(version: string, fingerprint: string): string {
  const key = Buffer.from(fingerprint.replace(/^SHA256:/, ''), 'base64')
    .toString('hex')
    .slice(0, 16);
  return `${encodeURIComponent(version)}.${key}${EXTENSION}`;
}
