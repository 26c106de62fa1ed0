import { approvedText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { given, ONE_TARGET_OPTION } from './selection.js';

export const approve: Command = {
  name: 'approve',
  summary: 'sign a migration, so that it may be applied',
  description:
    'Signs a migration as it is now, up and down, with your Ed25519 key, and writes the approval beside the\nmigrations: commit it with the change. Any later edit of the migration voids it.',
  args: [{ name: '<version>', description: 'the migration: its version, its beginning, or R__name' }],
  options: [
    ONE_TARGET_OPTION,
    {
      flags: '--key <file>',
      description: 'a private key (OpenSSH or PEM), or a .pub file whose key ssh-agent holds',
      defaultText: "an approver's key in ssh-agent, else ~/.ssh/id_ed25519",
    },
  ],
  examples: [
    { line: 'approve 202611210600 --target operational', does: 'sign it with the key in ssh-agent' },
    { line: 'approve 202611210600 --key ~/.ssh/id_release', does: 'sign it with a key of your own' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const { key } = context.options;
    const approval = await plinth.approve({
      ...given<{ target: string }>(context, 'target'),
      version: context.args[0]!,
      ...(typeof key === 'string' ? { keyFile: key } : {}),
    });
    context.print(
      context.format === 'json' ? toJson('approve', approval) : approvedText(approval, context.style),
    );
    return 0;
  },
};
