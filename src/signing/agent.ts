/**
 * Signing through ssh-agent, where most people's keys are: the private key and its passphrase stay there.
 * Source: RFC draft-miller-ssh-agent, sections 4.4 and 4.5.
 */
import { createConnection } from 'node:net';
import { reasonOf } from '../core/index.js';
import { SIGNING_ERRORS } from './errors.js';
import type { Signer } from './private-key.js';
import { isEd25519Blob, publicKeyOfBlob } from './public-key.js';
import { type SshReader, sshEncode, sshReader } from './wire.js';

const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
const SIGN_REQUEST = 13;
const SIGN_RESPONSE = 14;

/** An agent may ask its owner to confirm each signature. */
const ANSWER_WITHIN_MS = 60_000;
const LONGEST_ANSWER_BYTES = 256 * 1024;

/**
 * The Ed25519 keys that the agent holds, ready to sign.
 * @param socketPath the agent's socket, as SSH_AUTH_SOCK names it
 * @throws SIGNING_AGENT_FAILED
 */
export async function agentSigners(socketPath: string): Promise<readonly Signer[]> {
  const answer = await ask(socketPath, REQUEST_IDENTITIES, new Uint8Array(), IDENTITIES_ANSWER, (reader) =>
    Array.from({ length: reader.uint32() }, () => ({ blob: reader.bytes(), comment: reader.text() })),
  );
  return answer
    .filter(({ blob }) => isEd25519Blob(blob))
    .map(({ blob, comment }) => ({
      publicKey: publicKeyOfBlob(Buffer.from(blob), comment),
      sign: (data) => signWith(socketPath, blob, data),
    }));
}

function signWith(socketPath: string, blob: Uint8Array, data: Uint8Array): Promise<Uint8Array> {
  return ask(socketPath, SIGN_REQUEST, sshEncode(blob, data, 0), SIGN_RESPONSE, (reader) => {
    const signature = sshReader(reader.bytes());
    signature.bytes();
    return signature.bytes();
  });
}

async function ask<T>(
  socketPath: string,
  type: number,
  body: Uint8Array,
  wanted: number,
  read: (reader: SshReader) => T,
): Promise<T> {
  try {
    const answer = await exchange(socketPath, Buffer.concat([Uint8Array.of(type), body]));
    if (answer[0] !== wanted) {
      throw new Error(type === SIGN_REQUEST ? 'it refuses to sign with that key' : 'it refuses to answer');
    }
    return read(sshReader(answer.subarray(1)));
  } catch (cause) {
    throw SIGNING_ERRORS.AGENT_FAILED({
      message: `Cannot sign with ssh-agent: ${reasonOf(cause)}`,
      cause,
    });
  }
}

/** Sends one message on a connection of its own and returns the answer, without its length. */
function exchange(socketPath: string, message: Uint8Array): Promise<Buffer> {
  return new Promise((settle, fail) => {
    const socket = createConnection(socketPath);
    let received = Buffer.alloc(0);
    socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy(new Error('it did not answer in time')));
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('it closed the connection')));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const length = received.length < 4 ? undefined : received.readUInt32BE();
      if (length !== undefined && length > LONGEST_ANSWER_BYTES) {
        socket.destroy(new Error('its answer is too long'));
      } else if (length !== undefined && received.length >= 4 + length) {
        settle(received.subarray(4, 4 + length));
        socket.destroy();
      }
    });
    socket.write(sshEncode(message));
  });
}
