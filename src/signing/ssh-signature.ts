/**
 * Signatures in OpenSSH's form, which `ssh-keygen -Y verify` checks too: nobody needs Plinth to tell whether one is
 * right. The namespace keeps a signature for one purpose from counting for another.
 * Source: OpenSSH, PROTOCOL.sshsig.
 */
import { createHash, verify } from 'node:crypto';
import type { Signer } from './private-key.js';
import { ED25519, isEd25519Blob, type PublicKey, publicKeyOfBlob, verifyingKey } from './public-key.js';
import { sshEncode, sshReader } from './wire.js';

const MAGIC = Buffer.from('SSHSIG');
const VERSION = 1;
const HASH = 'sha512';
const BEGIN = '-----BEGIN SSH SIGNATURE-----';
const END = '-----END SSH SIGNATURE-----';
const LINE_LENGTH = 70;

/** The signature of `message` as lines of text, ending in a newline. */
export async function signMessage(signer: Signer, namespace: string, message: string): Promise<string> {
  const signature = await signer.sign(signedBytes(namespace, message));
  return armored(signer.publicKey.blob, namespace, signature);
}

export type Verification =
  | { readonly valid: true; readonly key: PublicKey }
  /** `reason` begins in lower case: `it is not of this text`. */
  | { readonly valid: false; readonly reason: string };

/** Whose signature it is, if it is one of this message for this purpose, and written as `signMessage` writes it. */
export function verifyMessage(namespace: string, message: string, signature: string): Verification {
  try {
    return verifyParts(namespace, message, signature);
  } catch {
    return { valid: false, reason: 'the signature is damaged' };
  }
}

function verifyParts(namespace: string, message: string, signature: string): Verification {
  const body = signature.slice(BEGIN.length, signature.lastIndexOf(END));
  const blob = Buffer.from(body, 'base64');
  const reader = sshReader(blob.subarray(MAGIC.length));
  reader.uint32();
  const keyBlob = reader.bytes();
  const purpose = reader.text();
  reader.bytes();
  reader.bytes();
  const inner = sshReader(reader.bytes());
  inner.bytes();
  const raw = inner.bytes();
  if (!isEd25519Blob(keyBlob) || armored(keyBlob, purpose, raw) !== signature) {
    return { valid: false, reason: 'the signature is damaged, or not of the form that Plinth writes' };
  }
  if (purpose !== namespace) {
    return { valid: false, reason: `the signature was made for another purpose (${purpose})` };
  }
  const key = publicKeyOfBlob(Buffer.from(keyBlob), '');
  return verify(null, signedBytes(namespace, message), verifyingKey(key), raw)
    ? { valid: true, key }
    : { valid: false, reason: 'the signature is not of this text' };
}

function signedBytes(namespace: string, message: string): Buffer {
  const digest = createHash(HASH).update(message).digest();
  return Buffer.concat([MAGIC, sshEncode(namespace, '', HASH, digest)]);
}

function armored(keyBlob: Uint8Array, namespace: string, raw: Uint8Array): string {
  const blob = Buffer.concat([
    MAGIC,
    sshEncode(VERSION, keyBlob, namespace, '', HASH, sshEncode(ED25519, raw)),
  ]);
  const lines = blob.toString('base64').match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g'))!;
  return [BEGIN, ...lines, END, ''].join('\n');
}
