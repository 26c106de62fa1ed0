/** The command line, read by commander; what it complains of becomes a coded error. */
import { CommanderError, Option, Command as Parser } from 'commander';
import { nearest, packageVersion } from '../core/index.js';
import type { Command, CommandContext, CommandOption } from './command.js';
import { COMMANDS } from './commands.js';
import { CLI_ERRORS } from './errors.js';

export interface ParsedCommand {
  readonly kind: 'command';
  readonly command: Command;
  readonly options: CommandContext['options'];
  readonly args: CommandContext['args'];
  readonly format: 'text' | 'json';
  readonly quiet: boolean;
  readonly project: CommandContext['project'];
}

/** Help or the version was asked for, and has been printed. */
export interface Printed {
  readonly kind: 'printed';
  readonly exitCode: number;
}

/** A command with more formats declares the option itself. */
const FORMAT_OPTION: CommandOption = {
  flags: '--format <format>',
  description: 'how to print the result',
  choices: ['text', 'json'],
};

/** The flags that every command takes. */
const GLOBAL_OPTIONS: readonly CommandOption[] = [
  {
    flags: '--config <file>',
    description: 'the configuration file',
    defaultText: 'plinth.yaml, here or above',
  },
  { flags: '--url <url>', description: 'use this PostgreSQL instead of the configured or embedded one' },
  FORMAT_OPTION,
  {
    flags: '--log <format>',
    description: 'what to write to standard error: talk for people, or a JSON line for each event',
    choices: ['text', 'json'],
    defaultText: 'PLINTH_LOG, else text',
  },
  { flags: '--quiet', description: 'print the result only' },
];

/** @throws CLI_COMMAND_UNKNOWN, CLI_OPTION_UNKNOWN, CLI_ARGUMENT_INVALID */
export async function parseCommandLine(argv: readonly string[]): Promise<ParsedCommand | Printed> {
  let chosen: ParsedCommand | undefined;
  const parser = buildParser((command, args, options) => {
    const { config, url, format, quiet, log: _log, ...own } = options as Record<string, never>;
    const hasOwnFormats = command.options?.some(({ flags }) => flags === FORMAT_OPTION.flags) ?? false;
    chosen = {
      kind: 'command',
      command,
      args,
      options: hasOwnFormats ? { ...own, format } : own,
      format: format === 'json' ? 'json' : 'text',
      quiet: quiet === true,
      project: { ...(config ? { config } : {}), ...(url ? { url } : {}) },
    };
  });
  try {
    await parser.parseAsync(argv as string[], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    if (error.exitCode === 0 || error.code === 'commander.help') {
      return { kind: 'printed', exitCode: error.exitCode };
    }
    throw usageError(error, argv);
  }
  return chosen ?? { kind: 'printed', exitCode: 0 };
}

type OnCommand = (command: Command, args: (string | undefined)[], options: object) => void;

/** The whole command line as a commander program; also what the reference page is made from. */
function buildParser(onCommand: OnCommand): Parser {
  const root = new Parser('plinth')
    .description('The data foundation under a multi-tenant platform.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .addHelpText('after', '\nStart here: plinth quickstart\nHelp on one command: plinth <command> --help');
  const groups = new Map<string, Parser>();
  for (const command of COMMANDS) {
    const words = command.name.split(' ');
    const parent = words.length === 1 ? root : groupFor(root, groups, words[0]!);
    addCommand(parent, words.at(-1)!, command, onCommand);
  }
  return quieten(root);
}

const GROUP_SUMMARIES: Readonly<Record<string, string>> = {
  docs: 'write the documents of the databases, or check them',
  db: 'manage the embedded PostgreSQL',
  kept: 'list, show, restore or purge what migrations would have destroyed',
  schema: 'save the schema of a database in a file',
  usage: 'import, roll up and question usage events',
};

function groupFor(root: Parser, groups: Map<string, Parser>, name: string): Parser {
  const known = groups.get(name);
  if (known) {
    return known;
  }
  const group = root
    .command(name)
    .description(GROUP_SUMMARIES[name] ?? name)
    .helpCommand(false);
  groups.set(name, group);
  return group;
}

function addCommand(parent: Parser, word: string, command: Command, onCommand: OnCommand): void {
  const parser = parent
    .command(word)
    .summary(command.summary)
    .description(command.description ?? capitalized(command.summary));
  for (const argument of command.args ?? []) {
    parser.argument(argument.name, argument.description);
  }
  for (const option of command.options ?? []) {
    parser.addOption(commanderOption(option));
  }
  const own = new Set(command.options?.map(({ flags }) => flags));
  for (const option of GLOBAL_OPTIONS.filter(({ flags }) => !own.has(flags))) {
    parser.addOption(commanderOption(option).helpGroup('On every command:'));
  }
  const examples = command.examples.map(({ line, does }) => `  plinth ${line}\n      ${does}`);
  parser.addHelpText('after', `\nExamples:\n${examples.join('\n')}`);
  parser.allowExcessArguments(false);
  parser.action((...received: unknown[]) => {
    const options = received.at(-2) as Readonly<Record<string, unknown>>;
    const args = received.slice(0, -2).flat() as (string | undefined)[];
    refuseEmpty(command, parser, args, options);
    onCommand(command, args, options);
  });
}

/** An empty value is a variable that was not set; without it, a command might run on another database. */
function refuseEmpty(
  command: Command,
  parser: Parser,
  args: readonly unknown[],
  options: Readonly<Record<string, unknown>>,
): void {
  const flag = parser.options.find((option) =>
    [options[option.attributeName()]].flat().some((value) => value === ''),
  )?.long;
  const what = flag ?? (args.includes('') ? 'an argument' : undefined);
  if (what !== undefined) {
    throw CLI_ERRORS.ARGUMENT_INVALID({
      message: `Cannot run '${command.name}': ${what} is empty (a value was wanted)`,
      hint: 'Is it a variable that is not set?',
    });
  }
}

function commanderOption(option: CommandOption): Option {
  const text = option.defaultText
    ? `${option.description} (default: ${option.defaultText})`
    : option.description;
  const made = new Option(option.flags, text);
  if (option.choices) {
    made.choices([...option.choices]);
  }
  if (option.number) {
    made.argParser(numberOf(option.flags));
  }
  if (option.repeatable) {
    made.argParser((value: string, previous: readonly string[] | undefined) => [...(previous ?? []), value]);
  }
  return made;
}

function numberOf(flags: string): (text: string) => number {
  return (text) => {
    const value = Number(text.replaceAll('_', ''));
    if (!Number.isSafeInteger(value) || value < 0) {
      throw CLI_ERRORS.ARGUMENT_INVALID({
        message: `Cannot use ${flags.split(' ')[0]} ${text}: it is not a whole number (0 or more was wanted)`,
      });
    }
    return value;
  };
}

/** Keeps commander from printing errors or ending the process: they are thrown instead. */
function quieten(parser: Parser): Parser {
  parser.exitOverride().configureOutput({
    writeErr: (text) => void (isHelp(text) && process.stdout.write(text)),
    outputError: () => {},
  });
  parser.showSuggestionAfterError(false);
  for (const child of parser.commands) {
    quieten(child as Parser);
  }
  return parser;
}

function isHelp(text: string): boolean {
  return text.startsWith('Usage:');
}

function usageError(error: CommanderError, argv: readonly string[]): Error {
  const subject = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const said = error.message.replace(/^error: /, '');
  if (error.code === 'commander.unknownCommand') {
    const near =
      nearest(
        spoken(argv),
        COMMANDS.map(({ name }) => name),
      ) ??
      nearest(
        subject,
        COMMANDS.map(({ name }) => name),
      );
    return CLI_ERRORS.COMMAND_UNKNOWN({
      message: `Cannot run '${spoken(argv)}': there is no such command`,
      ...(near ? { hint: `Did you mean 'plinth ${near}'?` } : {}),
    });
  }
  if (error.code === 'commander.unknownOption') {
    const command = COMMANDS.find(({ name }) => spoken(argv).startsWith(name));
    const flags = [...(command?.options ?? []), ...GLOBAL_OPTIONS].map(
      (option) => /--[a-z-]+/.exec(option.flags)?.[0] ?? '',
    );
    const near = nearest(subject, flags);
    return CLI_ERRORS.OPTION_UNKNOWN({
      message: `Cannot run '${command?.name ?? spoken(argv)}': it has no flag ${subject}`,
      ...(near ? { hint: `Did you mean '${near}'?` } : {}),
    });
  }
  return CLI_ERRORS.ARGUMENT_INVALID({ message: `Cannot run '${spoken(argv)}': ${said}` });
}

/** The words of the command line before its first flag. */
function spoken(argv: readonly string[]): string {
  const end = argv.findIndex((word) => word.startsWith('-'));
  return argv.slice(0, end === -1 ? 2 : Math.min(end, 2)).join(' ') || 'plinth';
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
