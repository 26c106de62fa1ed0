import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readText } from '../core/index.js';
import { agentSigners } from './agent.js';
import { SIGNING_ERRORS } from './errors.js';
import { readPrivateKey, type Signer } from './private-key.js';
import { type PublicKey, parsePublicKey } from './public-key.js';

export interface FindSignerOptions {
  /**
   * A private key file, or a public one (`.pub`) whose private half the agent holds. Without it: the agent's key
   * if it has exactly one of `preferred`, then `~/.ssh/id_ed25519`.
   */
  readonly keyFile?: string;
  /** Fingerprints of the keys whose signature counts. */
  readonly preferred?: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * The key to sign with.
 * @throws SIGNING_KEY_NOT_FOUND, SIGNING_KEY_ENCRYPTED, SIGNING_KEY_UNSUPPORTED, SIGNING_KEY_MALFORMED,
 *   SIGNING_AGENT_FAILED, FILE_NOT_READ
 */
export async function findSigner(options: FindSignerOptions = {}): Promise<Signer> {
  const environment = options.environment ?? process.env;
  const socket = environment.SSH_AUTH_SOCK || undefined;
  if (options.keyFile !== undefined) {
    return signerOfFile(options.keyFile, socket);
  }
  const held = socket === undefined ? [] : await agentSigners(socket).catch(() => []);
  const wanted = held.filter(({ publicKey }) => options.preferred?.includes(publicKey.fingerprint));
  if (wanted.length === 1) {
    return wanted[0]!;
  }
  const standard = join(environment.HOME || homedir(), '.ssh', 'id_ed25519');
  if (existsSync(standard)) {
    return signerOfFile(standard, socket);
  }
  throw SIGNING_ERRORS.KEY_NOT_FOUND({
    message: `Cannot sign: there is no key ${standard}, and ssh-agent holds ${wanted.length === 0 ? 'none whose signature counts' : 'several whose signature counts'}`,
    details: { keys: wanted.map(({ publicKey }) => publicKey.fingerprint) },
  });
}

async function signerOfFile(path: string, socket: string | undefined): Promise<Signer> {
  if (path.endsWith('.pub')) {
    return throughAgent(path, parsePublicKey(readText(path), path), socket);
  }
  const file = readPrivateKey(path);
  if (file.kind === 'open') {
    return file.signer;
  }
  return throughAgent(path, file.publicKey, socket);
}

async function throughAgent(
  path: string,
  key: PublicKey | undefined,
  socket: string | undefined,
): Promise<Signer> {
  const held = key === undefined || socket === undefined ? [] : await agentSigners(socket);
  const signer = held.find(({ publicKey }) => publicKey.fingerprint === key?.fingerprint);
  if (signer) {
    return signer;
  }
  const agent = socket === undefined ? 'SSH_AUTH_SOCK names no agent' : 'the agent does not hold it';
  throw SIGNING_ERRORS.KEY_ENCRYPTED({
    message:
      key === undefined
        ? `Cannot sign with ${path}: it is protected by a passphrase, and an agent takes only keys of OpenSSH's form`
        : `Cannot sign with ${path}: its private half can only be used through ssh-agent, and ${agent}`,
    ...(key === undefined ? { hint: 'Convert it: ssh-keygen -p -f <file>, then ssh-add <file>.' } : {}),
  });
}
