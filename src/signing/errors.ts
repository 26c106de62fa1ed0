import { defineErrors } from '../core/index.js';

export const SIGNING_ERRORS = defineErrors('SIGNING', {
  PUBLIC_KEY_INVALID: {
    fault: 'usage',
    when: 'A public key is not a line that OpenSSH writes for an Ed25519 key.',
    fix: 'Write it as in ~/.ssh/id_ed25519.pub: ssh-ed25519 AAAA… name.',
  },
  KEY_NOT_FOUND: {
    fault: 'usage',
    when: 'A signature was asked for, and there is no private key to make it with.',
    fix: 'Name a key with --key, or make one: ssh-keygen -t ed25519.',
  },
  KEY_UNSUPPORTED: {
    fault: 'usage',
    when: 'A private key is of another kind than Ed25519, or in a form that Plinth does not read.',
    fix: 'Use an Ed25519 key: ssh-keygen -t ed25519, or openssl genpkey -algorithm ed25519.',
  },
  KEY_MALFORMED: {
    fault: 'usage',
    when: 'A private key file is damaged.',
    fix: 'Restore the file from its copy, or use another key.',
  },
  KEY_ENCRYPTED: {
    fault: 'usage',
    when: 'A private key is protected by a passphrase, and no ssh-agent holds it.',
    fix: 'Start an agent and add the key (ssh-add), then run the command again.',
  },
  AGENT_FAILED: {
    fault: 'environment',
    when: 'The ssh-agent of SSH_AUTH_SOCK does not answer, or refuses to sign.',
    fix: 'Check SSH_AUTH_SOCK and `ssh-add -l`, or name an unencrypted key with --key.',
  },
});
