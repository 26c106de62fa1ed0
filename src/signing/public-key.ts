import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { SIGNING_ERRORS } from './errors.js';
import { sshEncode, sshReader } from './wire.js';

export const ED25519 = 'ssh-ed25519';

/** An Ed25519 public key. */
export interface PublicKey {
  /** As `ssh-keygen -l` shows it: `SHA256:` and 43 characters. */
  readonly fingerprint: string;
  /** Who it belongs to, by the comment of its line; empty where it has none. */
  readonly name: string;
  /** The key as SSH encodes it. */
  readonly blob: Uint8Array;
}

/** @param raw the 32 bytes of the key */
export function publicKeyOf(raw: Uint8Array, name: string): PublicKey {
  return publicKeyOfBlob(sshEncode(ED25519, raw), name);
}

/** @param blob the key as SSH encodes it */
export function publicKeyOfBlob(blob: Uint8Array, name: string): PublicKey {
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return { fingerprint: `SHA256:${digest}`, name, blob };
}

/** The key as a line of `authorized_keys`. */
export function publicKeyLine({ blob, name }: PublicKey): string {
  return [ED25519, Buffer.from(blob).toString('base64'), name].filter(Boolean).join(' ');
}

/**
 * Reads a line as OpenSSH writes it in `.pub` files and `authorized_keys`; options before the key are passed over.
 * @param place where the line stands, for messages
 * @throws SIGNING_PUBLIC_KEY_INVALID
 */
export function parsePublicKey(line: string, place: string): PublicKey {
  const [, type, encoded, name = ''] =
    /(?:^|\s)([a-z][\w@.-]*)\s+(AAAA[A-Za-z0-9+/=]+)(?:\s+(.*))?$/.exec(line.trim()) ?? [];
  if (type === undefined || encoded === undefined) {
    throw invalid(place, 'it is not a line of the form ssh-ed25519 AAAA… name');
  }
  const blob = Buffer.from(encoded, 'base64');
  if (type !== ED25519 || !isEd25519Blob(blob)) {
    throw invalid(
      place,
      `it is ${type === ED25519 ? 'damaged' : `of type ${type}`} (ssh-ed25519 was wanted)`,
    );
  }
  return publicKeyOfBlob(blob, name.trim());
}

/**
 * The keys of a text of such lines; empty lines and lines that begin with `#` hold none.
 * @throws SIGNING_PUBLIC_KEY_INVALID
 */
export function parsePublicKeys(text: string, file: string): readonly PublicKey[] {
  return text.split('\n').flatMap((line, index) => {
    const isKey = line.trim() !== '' && !line.trim().startsWith('#');
    return isKey ? [parsePublicKey(line, `${file}, line ${index + 1}`)] : [];
  });
}

/** @throws RangeError when the blob is no Ed25519 key */
export function verifyingKey({ blob }: PublicKey): KeyObject {
  const reader = sshReader(blob);
  reader.bytes();
  const x = reader.bytes().toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

export function isEd25519Blob(blob: Uint8Array): boolean {
  try {
    const reader = sshReader(blob);
    return reader.text() === ED25519 && reader.bytes().length === 32 && reader.rest().length === 0;
  } catch {
    return false;
  }
}

function invalid(place: string, reason: string): Error {
  return SIGNING_ERRORS.PUBLIC_KEY_INVALID({
    message: `Cannot read the public key of ${place}: ${reason}`,
  });
}
