/** Finds, reads and validates `plinth.yaml`; every complaint carries its place in the file. */
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type Document, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { nearest, readText, type SourceRange } from '../core/index.js';
import { CONFIG_ERRORS } from './errors.js';
import { interpolate } from './interpolate.js';
import { type Settings, settingsSchema, type TargetSettings } from './settings.js';

const CONFIG_FILE = 'plinth.yaml';

/** A project's configuration and where it was read. */
export interface Config {
  /** The absolute path of `plinth.yaml`. */
  readonly path: string;
  /** The folder it stands in: the project's root, which relative paths start from. */
  readonly root: string;
  readonly settings: Settings;
}

export interface LoadOptions {
  /** Where to look, then in each folder above. The working folder unless given. */
  readonly cwd?: string;
  /** The file itself, instead of looking for it. */
  readonly path?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads the configuration of the project that `cwd` is in.
 * @throws CONFIG_NOT_FOUND, CONFIG_MALFORMED, CONFIG_INVALID, CONFIG_VARIABLE_UNSET, CONFIG_SECRET_IN_FILE
 */
export function loadConfig(options: LoadOptions = {}): Config {
  const cwd = resolve(options.cwd ?? process.cwd());
  const path = options.path ? resolve(cwd, options.path) : findUpward(cwd);
  if (!path || !existsSync(path)) {
    throw CONFIG_ERRORS.NOT_FOUND({
      message: options.path
        ? `Cannot read the configuration: there is no file ${options.path}`
        : `Cannot find a project: there is no ${CONFIG_FILE} in ${cwd} or above it`,
      details: { cwd },
    });
  }
  const file = relative(cwd, path) || CONFIG_FILE;
  return { path, root: dirname(path), settings: parseSettings(readText(path), file, options.environment) };
}

/**
 * The settings in a text of `plinth.yaml`'s form. `file` is the name that complaints show.
 * @throws as `loadConfig`
 */
export function parseSettings(
  text: string,
  file = CONFIG_FILE,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Settings {
  const document = parseDocument(text, { lineCounter: new LineCounter(), prettyErrors: false });
  const flaw = document.errors[0];
  if (flaw) {
    throw CONFIG_ERRORS.MALFORMED({
      message: `Cannot read ${file}: ${flaw.message}`,
      source: { file, text, start: flaw.pos[0], end: flaw.pos[1] },
    });
  }
  const rangeOf = (node: Node | null | undefined): SourceRange => ({
    file,
    text,
    start: node?.range?.[0] ?? 0,
    end: node?.range?.[1] ?? Math.max(1, text.indexOf('\n')),
  });
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === 'string' && node.value.includes('${')) {
        node.value = interpolate(node.value, environment, rangeOf(node));
      } else if (typeof node.value === 'string' && /^postgres(ql)?:\/\/[^@/]*:[^@/]+@/.test(node.value)) {
        throw CONFIG_ERRORS.SECRET_IN_FILE({
          message: `Cannot use ${file}: a connection string in it holds a password`,
          source: { ...rangeOf(node), text: text.replaceAll(/(:\/\/[^@/:]*:)[^@/]+@/g, '$1***@') },
        });
      }
    },
  });
  const parsed = settingsSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    throw invalid(parsed.error.issues[0]!, document, file, rangeOf);
  }
  return parsed.data;
}

/** The settings of one target. @throws CONFIG_TARGET_UNKNOWN */
export function targetSettings(config: Config, name: string): TargetSettings {
  const settings = config.settings.targets[name];
  if (!settings) {
    const names = Object.keys(config.settings.targets);
    const near = nearest(name, names);
    throw CONFIG_ERRORS.TARGET_UNKNOWN({
      message: `Cannot use target '${name}': ${CONFIG_FILE} has ${names.join(', ')}`,
      ...(near ? { hint: `Did you mean '${near}'?` } : {}),
      details: { target: name, targets: names },
    });
  }
  return settings;
}

function findUpward(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, CONFIG_FILE);
    if (existsSync(path)) {
      return path;
    }
    if (dirname(folder) === folder) {
      return undefined;
    }
  }
}

function invalid(
  issue: z.core.$ZodIssue,
  document: Document,
  file: string,
  rangeOf: (node: Node | null | undefined) => SourceRange,
): Error {
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = unknownKey === undefined ? issue.path : [...issue.path, unknownKey];
  const where = path.length > 0 ? `'${path.join('.')}' ` : '';
  const near = unknownKey === undefined ? undefined : nearest(unknownKey, keysAt(issue.path));
  return CONFIG_ERRORS.INVALID({
    message: `Cannot use ${file}: ${where}${unknownKey === undefined ? describe(issue) : 'is not a setting'}`,
    ...(near ? { hint: `Did you mean '${near}'?` } : {}),
    details: { setting: path.join('.') },
    source: rangeOf(nodeAt(document, path, unknownKey !== undefined)),
  });
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    return /received undefined/.test(issue.message)
      ? 'is missing'
      : `is not right (${issue.expected} was wanted)`;
  }
  if (issue.code === 'invalid_value') {
    return `is not right (one of ${issue.values.map(String).join(', ')} was wanted)`;
  }
  return `is not right (${issue.message})`;
}

/** The deepest node on `path` that exists; the key rather than the value when the key itself is wrong. */
function nodeAt(document: Document, path: readonly PropertyKey[], keyItself: boolean): Node | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const parent = document.getIn(path.slice(0, length), true);
    if (length === path.length && keyItself) {
      const owner = document.getIn(path.slice(0, -1), true) ?? document.contents;
      const pairs = (owner as { items?: readonly { key: unknown }[] } | null)?.items ?? [];
      const pair = pairs.find(({ key }) => isScalar(key) && key.value === path.at(-1));
      if (isScalar(pair?.key)) {
        return pair.key;
      }
    }
    if (parent && typeof parent === 'object' && 'range' in parent) {
      return parent as Node;
    }
  }
  return undefined;
}

/** The names of the settings that are allowed at `path`, from the schema itself. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let node = settingsSchemaShape(settingsSchema);
  for (const key of path) {
    const shape = node.shape?.[String(key)] ?? node.valueType;
    if (!shape) {
      return [];
    }
    node = settingsSchemaShape(shape);
  }
  return Object.keys(node.shape ?? {});
}

interface SchemaNode {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly valueType?: unknown;
}

function settingsSchemaShape(schema: unknown): SchemaNode {
  let node = schema as {
    _zod?: { def: { innerType?: unknown } };
    shape?: Record<string, unknown>;
    valueType?: unknown;
  };
  while (node?._zod?.def.innerType) {
    node = node._zod.def.innerType as typeof node;
  }
  return {
    ...(node?.shape ? { shape: node.shape } : {}),
    ...(node?.valueType ? { valueType: node.valueType } : {}),
  };
}
