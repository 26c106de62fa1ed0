/**
 * Ed25519 private keys: OpenSSH's own container and PEM PKCS#8. A key that a passphrase protects is recognized, and
 * its public half read, so that an agent can be asked for the signature: decrypting it here would mean asking for
 * the passphrase in one more place.
 * Source: OpenSSH, PROTOCOL.key.
 */
import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { readText } from '../core/index.js';
import { SIGNING_ERRORS } from './errors.js';
import { ED25519, isEd25519Blob, type PublicKey, publicKeyOf, publicKeyOfBlob } from './public-key.js';
import { type SshReader, sshReader } from './wire.js';

/** Something that signs with one key. */
export interface Signer {
  readonly publicKey: PublicKey;
  /** The 64 bytes of an Ed25519 signature. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** What a private key file holds: a key to sign with, or one that only an agent can open. */
export type PrivateKeyFile =
  | { readonly kind: 'open'; readonly signer: Signer }
  | { readonly kind: 'encrypted'; readonly publicKey: PublicKey | undefined };

/** @throws FILE_NOT_READ, SIGNING_KEY_UNSUPPORTED, SIGNING_KEY_MALFORMED */
export function readPrivateKey(path: string): PrivateKeyFile {
  const text = readText(path);
  const [, label, body = ''] =
    /-----BEGIN ([A-Z ]*PRIVATE KEY)-----([\s\S]*?)-----END \1-----/.exec(text) ?? [];
  switch (label) {
    case 'OPENSSH PRIVATE KEY':
      return readOpenSsh(path, Buffer.from(body, 'base64'));
    case 'PRIVATE KEY':
      return { kind: 'open', signer: signerOf(pemKey(path, text), '') };
    case 'ENCRYPTED PRIVATE KEY':
      return { kind: 'encrypted', publicKey: undefined };
    case undefined:
      throw SIGNING_ERRORS.KEY_UNSUPPORTED({
        message: `Cannot sign with ${path}: it holds no private key (an OpenSSH or PEM key file was wanted)`,
      });
    default:
      throw unsupported(path, label);
  }
}

function readOpenSsh(path: string, container: Buffer): PrivateKeyFile {
  try {
    return openContainer(path, container);
  } catch (cause) {
    if (!(cause instanceof RangeError)) {
      throw cause;
    }
    throw SIGNING_ERRORS.KEY_MALFORMED({
      message: `Cannot sign with ${path}: the key is damaged (${cause.message})`,
    });
  }
}

const MAGIC = Buffer.from('openssh-key-v1\0');

function openContainer(path: string, container: Buffer): PrivateKeyFile {
  if (!container.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new RangeError('its beginning is not that of a key');
  }
  const reader = sshReader(container.subarray(MAGIC.length));
  const cipher = reader.text();
  reader.bytes();
  reader.bytes();
  if (reader.uint32() !== 1) {
    throw unsupported(path, 'several keys in one file');
  }
  const blob = reader.bytes();
  if (!isEd25519Blob(blob)) {
    throw unsupported(path, sshReader(blob).text());
  }
  return cipher === 'none'
    ? { kind: 'open', signer: openKey(sshReader(reader.bytes())) }
    : { kind: 'encrypted', publicKey: publicKeyOfBlob(blob, '') };
}

function openKey(section: SshReader): Signer {
  const check = section.uint32();
  if (section.uint32() !== check) {
    throw new RangeError('its check numbers differ');
  }
  const type = section.text();
  const x = section.bytes();
  const secret = section.bytes();
  if (type !== ED25519 || x.length !== 32 || secret.length !== 64) {
    throw new RangeError('its private part is not an Ed25519 key');
  }
  const comment = section.text();
  const d = secret.subarray(0, 32).toString('base64url');
  const jwk = { kty: 'OKP', crv: 'Ed25519', d, x: x.toString('base64url') };
  return signerOf(createPrivateKey({ key: jwk, format: 'jwk' }), comment);
}

function pemKey(path: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw SIGNING_ERRORS.KEY_MALFORMED({ message: `Cannot sign with ${path}: the key is damaged` });
  }
}

function signerOf(key: KeyObject, name: string): Signer {
  if (key.asymmetricKeyType !== 'ed25519') {
    throw SIGNING_ERRORS.KEY_UNSUPPORTED({
      message: `Cannot sign with a key of type ${key.asymmetricKeyType} (Ed25519 was wanted)`,
    });
  }
  const { x } = key.export({ format: 'jwk' });
  return {
    publicKey: publicKeyOf(Buffer.from(x!, 'base64url'), name),
    sign: async (data) => sign(null, data, key),
  };
}

function unsupported(path: string, kind: string): Error {
  return SIGNING_ERRORS.KEY_UNSUPPORTED({
    message: `Cannot sign with ${path}: it holds ${kind} (an Ed25519 key was wanted)`,
  });
}
