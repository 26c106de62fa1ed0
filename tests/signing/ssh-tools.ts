/** OpenSSH's own programs, to hold Plinth's reading and writing against. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Why the tests with OpenSSH cannot run here, if they cannot. */
export const missingSsh: string | undefined = (() => {
  try {
    execFileSync('ssh-agent', ['-h'], { stdio: 'ignore' });
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'OpenSSH is not installed' : undefined;
  }
  return undefined;
})();

export interface SshKeyOptions {
  readonly passphrase?: string;
  readonly type?: string;
}

/** Makes a key pair `<folder>/<name>` and `.pub`. */
export function sshKey(folder: string, name: string, options: SshKeyOptions = {}): string {
  const path = join(folder, name);
  const { passphrase = '', type = 'ed25519' } = options;
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', name, '-f', path]);
  return path;
}

/** Makes a PEM PKCS#8 key file. */
export function pemKey(folder: string, name: string): string {
  const path = join(folder, name);
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(path, privateKey.export({ format: 'pem', type: 'pkcs8' }));
  return path;
}

export interface Agent {
  readonly socket: string;
  stop(): void;
}

/** An agent that holds the keys of these files, none of them with a passphrase. */
export async function sshAgent(folder: string, keys: readonly string[]): Promise<Agent> {
  const socket = join(folder, 'agent');
  const agent: ChildProcess = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  const env = { ...process.env, SSH_AUTH_SOCK: socket };
  for (let attempt = 0; ; attempt += 1) {
    try {
      execFileSync('ssh-add', ['-D'], { env, stdio: 'ignore' });
      break;
    } catch (cause) {
      if (attempt === 50) {
        throw cause;
      }
      await new Promise((resume) => setTimeout(resume, 50));
    }
  }
  for (const key of keys) {
    execFileSync('ssh-add', ['-q', key], { env, stdio: 'ignore' });
  }
  return { socket, stop: () => agent.kill() };
}
