import { bundleText } from '../../report/index.js';
import type { Command } from '../command.js';
import { CLI_ERRORS } from '../errors.js';
import { toJson } from '../json.js';
import { given, ONE_TARGET_OPTION } from './selection.js';

export const bundle: Command = {
  name: 'bundle',
  summary: 'pack the migrations of a target into one signed file, or verify such a file',
  description:
    'Packs all migrations of a target, with their approvals, into one file that is the same bytes wherever it is\nmade. `plinth apply --from` verifies signature and digests first, and applies exactly those texts.',
  options: [
    ONE_TARGET_OPTION,
    { flags: '--out <place>', description: 'where to write it: a file, or s3://bucket/key' },
    {
      flags: '--key <file>',
      description: 'sign with this Ed25519 key (OpenSSH or PEM, or a .pub of ssh-agent)',
    },
    {
      flags: '--verify <place>',
      description: 'check a bundle instead of making one; exit code 3 if a byte is wrong',
    },
  ],
  examples: [
    {
      line: 'bundle --target operational --out operational.tar --key ~/.ssh/id_release',
      does: 'pack and sign',
    },
    {
      line: 'bundle --verify s3://releases/operational-42.tar',
      does: 'check every digest, and who signed it',
    },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const { out, verify, key } = context.options;
    if ((typeof out === 'string') === (typeof verify === 'string')) {
      throw CLI_ERRORS.ARGUMENT_INVALID({
        message: 'Cannot bundle: one of --out <place> and --verify <place> was wanted',
      });
    }
    const plinth = await openProject(context);
    const summary =
      typeof verify === 'string'
        ? await plinth.verifyBundle(verify)
        : await plinth.bundle({
            ...given<{ target: string }>(context, 'target'),
            out: String(out),
            ...(typeof key === 'string' ? { keyFile: key } : {}),
          });
    context.print(context.format === 'json' ? toJson('bundle', summary) : bundleText(summary, context.style));
    return 0;
  },
};
