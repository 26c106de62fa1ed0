import { EXIT, writeFileAtomic } from '../../core/index.js';
import type { ProveChoice } from '../../project/index.js';
import type { Proof } from '../../prove/index.js';
import { proofHtml, proofMarkdown, proofText } from '../../report/index.js';
import type { Command, CommandContext } from '../command.js';
import { CLI_ERRORS } from '../errors.js';
import { toJson } from '../json.js';
import { given, TARGET_OPTION } from './selection.js';

export const prove: Command = {
  name: 'prove',
  summary: 'show on throwaway databases that migrations can be taken back and nothing is lost',
  description:
    "Takes each migration up, down and up again on a throwaway server of the target's own version, with rows in every table and more written in between; compares schema and rows after each step; measures every statement; and cuts both scripts off at each statement to see that the next run finishes them. The target itself is only looked at. Exit code 1 when a migration is broken.",
  args: [
    { name: '[versions...]', description: 'the versions to prove; those that are pending, unless given' },
  ],
  options: [
    TARGET_OPTION,
    { flags: '--all', description: 'every migration of the folder' },
    {
      flags: '--base <git ref>',
      description: 'those that this branch has added or changed since it left that one',
    },
    {
      flags: '--format <format>',
      description: 'how to print the result',
      choices: ['text', 'json', 'markdown', 'html'],
    },
    { flags: '--output <file>', description: 'write the result there, and a summary to the terminal' },
    { flags: '--strict', description: 'exit code 1 for a migration that is unproven, too' },
    {
      flags: '--every-statement',
      description: 'cut scripts off after each statement, also where more than 20 migrations are proven',
    },
    {
      flags: '--write-down',
      description: 'write the down that works over one that does not, where one was found',
    },
    {
      flags: '--parallel <count>',
      description: 'servers to work on at once',
      number: true,
      defaultText: 'the cores, at most 4',
    },
  ],
  examples: [
    { line: 'prove', does: 'what the next apply would run' },
    {
      line: 'prove --base origin/main --format markdown --output proof.md',
      does: 'what a branch adds, as a comment for its review',
    },
    {
      line: 'prove 202611210621 --format html --output proof.html',
      does: 'one migration, as a page with its timeline',
    },
    { line: 'prove --all --strict', does: 'the whole history, and fail on what could not be checked' },
  ],
  async run(context) {
    const versions = context.args.filter((version) => version !== undefined);
    checkChoice(context, versions);
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const proofs = await plinth.prove({
      ...given<ProveChoice>(context, 'target', 'all', 'base', 'parallel', 'everyStatement', 'writeDown'),
      ...(versions.length > 0 ? { versions } : {}),
    });
    const text = proofs.map((proof) => proofText(proof, context.style)).join('\n\n');
    const result = resultAs(context, proofs, text);
    const { output } = context.options;
    if (typeof output === 'string') {
      writeFileAtomic(output, `${result}\n`);
      context.say(text);
    } else {
      context.print(result);
    }
    const failed = proofs.some(
      ({ counts }) => counts.broken > 0 || (context.options.strict && counts.unproven > 0),
    );
    return failed ? EXIT.found : EXIT.ok;
  },
};

/** @throws CLI_ARGUMENT_INVALID when it is said in two ways which migrations to prove */
function checkChoice({ options }: CommandContext, versions: readonly string[]): void {
  const ways = [
    ...(versions.length > 0 ? ['versions'] : []),
    ...(options.all ? ['--all'] : []),
    ...(options.base === undefined ? [] : ['--base']),
  ];
  if (ways.length > 1) {
    throw CLI_ERRORS.ARGUMENT_INVALID({
      message: `Cannot prove ${ways.join(' and ')} together: each says which migrations are meant`,
    });
  }
}

function resultAs(context: CommandContext, proofs: readonly Proof[], text: string): string {
  switch (context.options.format) {
    case 'json':
      return toJson('prove', proofs);
    case 'markdown':
      return proofMarkdown(proofs);
    case 'html':
      return proofHtml(proofs);
    default:
      return text;
  }
}
