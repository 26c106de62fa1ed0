import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  findSigner,
  parsePublicKey,
  parsePublicKeys,
  publicKeyLine,
  signMessage,
  verifyMessage,
} from '../../src/signing/index.js';
import { type Agent, missingSsh, pemKey, sshAgent, sshKey } from './ssh-tools.js';

const PURPOSE = 'plinth-test';
const withoutAgent = { environment: { SSH_AUTH_SOCK: '', HOME: '/nonexistent' } };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plinth-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a PEM key', () => {
  test('signs what only its public half verifies', async () => {
    const signer = await findSigner({ keyFile: pemKey(folder, 'pem'), ...withoutAgent });
    const signature = await signMessage(signer, PURPOSE, 'one\ntwo\n');
    expect(verifyMessage(PURPOSE, 'one\ntwo\n', signature)).toMatchObject({
      valid: true,
      key: { fingerprint: signer.publicKey.fingerprint },
    });
    expect(verifyMessage(PURPOSE, 'one\ntwo', signature)).toEqual({
      valid: false,
      reason: 'the signature is not of this text',
    });
  });

  test('signs for one purpose only', async () => {
    const signer = await findSigner({ keyFile: pemKey(folder, 'purpose'), ...withoutAgent });
    const signature = await signMessage(signer, PURPOSE, 'text');
    expect(verifyMessage('plinth-other', 'text', signature)).toEqual({
      valid: false,
      reason: 'the signature was made for another purpose (plinth-test)',
    });
  });

  test('gives a signature of which no character can be changed', async () => {
    const signer = await findSigner({ keyFile: pemKey(folder, 'flip'), ...withoutAgent });
    const signature = await signMessage(signer, PURPOSE, 'text');
    for (let at = 0; at < signature.length; at += 1) {
      const other = signature[at] === 'A' ? 'B' : 'A';
      const changed = signature.slice(0, at) + other + signature.slice(at + 1);
      expect(verifyMessage(PURPOSE, 'text', changed).valid, `character ${at}`).toBe(false);
    }
  });
});

describe('a key file', () => {
  test.each([
    ['no key', 'hello', 'SIGNING_KEY_UNSUPPORTED'],
    [
      'an RSA key',
      '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n',
      'SIGNING_KEY_UNSUPPORTED',
    ],
    [
      'damage',
      '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n',
      'SIGNING_KEY_MALFORMED',
    ],
    [
      'a damaged PEM',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
      'SIGNING_KEY_MALFORMED',
    ],
    [
      'an encrypted PEM',
      '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n',
      'SIGNING_KEY_ENCRYPTED',
    ],
  ])('with %s is refused with its code', async (_, text, code) => {
    const keyFile = join(folder, 'bad');
    writeFileSync(keyFile, text);
    await expect(findSigner({ keyFile, ...withoutAgent })).rejects.toMatchObject({ code });
  });

  test('that does not exist is named', async () => {
    await expect(findSigner({ keyFile: join(folder, 'none'), ...withoutAgent })).rejects.toMatchObject({
      code: 'FILE_NOT_READ',
    });
  });

  test('is looked for in the home folder when none is named', async () => {
    await expect(findSigner(withoutAgent)).rejects.toMatchObject({ code: 'SIGNING_KEY_NOT_FOUND' });
  });
});

describe('a public key line', () => {
  const line = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f release';

  test('is read with its name, and written as it was', () => {
    const key = parsePublicKey(line, 'a test');
    expect(key.name).toBe('release');
    expect(key.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(publicKeyLine(key)).toBe(line);
  });

  test('may have options before it', () => {
    expect(parsePublicKey(`no-pty,from="10.0.0.1" ${line}`, 'a test').name).toBe('release');
  });

  test('is one among empty lines and comments of a file', () => {
    expect(parsePublicKeys(`# who approves\n\n${line}\r\n`, 'approvers')).toHaveLength(1);
  });

  test.each([
    ['hello'],
    ['ssh-rsa AAAAB3NzaC1yc2E= x'],
    ['ssh-ed25519 AAAA x'],
    [line.replace('AAAAC3', 'AAAAD3')],
  ])('%s is refused with its place', (bad) => {
    expect(() => parsePublicKeys(`\n${bad}`, 'approvers')).toThrow(
      expect.objectContaining({
        code: 'SIGNING_PUBLIC_KEY_INVALID',
        message: expect.stringContaining('line 2'),
      }),
    );
  });
});

describe.skipIf(missingSsh !== undefined)(
  `with OpenSSH${missingSsh ? ` (skipped: ${missingSsh})` : ''}`,
  () => {
    let agent: Agent | undefined;
    afterAll(() => agent?.stop());

    test('a signature of ours is verified by ssh-keygen, and one of ssh-keygen by us', async () => {
      const keyFile = sshKey(folder, 'both');
      const signer = await findSigner({ keyFile, ...withoutAgent });
      expect(publicKeyLine(signer.publicKey)).toBe(readFileSync(`${keyFile}.pub`, 'utf8').trim());
      const signatureFile = join(folder, 'ours.sig');
      const ours = await signMessage(signer, PURPOSE, 'text\n');
      writeFileSync(signatureFile, ours);
      writeFileSync(join(folder, 'allowed'), `somebody ${publicKeyLine(signer.publicKey)}\n`);
      const verify = ['-Y', 'verify', '-f', join(folder, 'allowed'), '-I', 'somebody', '-n', PURPOSE];
      expect(
        execFileSync('ssh-keygen', [...verify, '-s', signatureFile], { input: 'text\n' }).toString(),
      ).toContain('Good "plinth-test" signature');
      const theirs = execFileSync('ssh-keygen', ['-Y', 'sign', '-f', keyFile, '-n', PURPOSE], {
        input: 'text\n',
        stdio: ['pipe', 'pipe', 'ignore'],
      }).toString();
      expect(theirs).toBe(ours);
      expect(verifyMessage(PURPOSE, 'text\n', theirs).valid).toBe(true);
    });

    test('a key with a passphrase is refused without an agent, and signs through one', async () => {
      const open = sshKey(folder, 'held');
      agent = await sshAgent(folder, [open]);
      execFileSync('ssh-keygen', ['-q', '-p', '-N', 'secret words', '-f', open]);
      await expect(findSigner({ keyFile: open, ...withoutAgent })).rejects.toMatchObject({
        code: 'SIGNING_KEY_ENCRYPTED',
      });
      const environment = { SSH_AUTH_SOCK: agent.socket, HOME: '/nonexistent' };
      const signer = await findSigner({ keyFile: open, environment });
      const signature = await signMessage(signer, PURPOSE, 'text');
      expect(verifyMessage(PURPOSE, 'text', signature).valid).toBe(true);
      const byPublicHalf = await findSigner({ keyFile: `${open}.pub`, environment });
      expect(byPublicHalf.publicKey.fingerprint).toBe(signer.publicKey.fingerprint);
      const preferred = await findSigner({ preferred: [signer.publicKey.fingerprint], environment });
      expect(preferred.publicKey.name).toBe('held');
    });

    test('an agent that does not hold the key, or does not answer, is told of', async () => {
      const keyFile = sshKey(folder, 'locked', { passphrase: 'secret words' });
      const environment = { SSH_AUTH_SOCK: join(folder, 'no-agent'), HOME: '/nonexistent' };
      await expect(findSigner({ keyFile, environment })).rejects.toMatchObject({
        code: 'SIGNING_AGENT_FAILED',
      });
    });

    test('a key of another type is refused', async () => {
      const keyFile = sshKey(folder, 'ecdsa', { type: 'ecdsa' });
      await expect(findSigner({ keyFile, ...withoutAgent })).rejects.toMatchObject({
        code: 'SIGNING_KEY_UNSUPPORTED',
      });
    });
  },
);
