/** Lists of `name=value`: storage parameters, options of foreign objects. */
import { quoteIdentifier, quoteLiteral } from '../../sql/index.js';

interface Option {
  readonly name: string;
  readonly value: string;
}

function optionOf(text: string): Option {
  const split = text.indexOf('=');
  return split === -1
    ? { name: text, value: '' }
    : { name: text.slice(0, split), value: text.slice(split + 1) };
}

function storageOption(text: string): string {
  const { name, value } = optionOf(text);
  const quoted = name.split('.').map(quoteIdentifier).join('.');
  return `${quoted} = ${/^(-?[\d.]+|[a-z]+)$/.test(value) ? value : quoteLiteral(value)}`;
}

/** ` with (fillfactor = 70)`, or nothing. */
export function withOptions(options: readonly string[] = []): string {
  return options.length === 0 ? '' : `with (${options.map(storageOption).join(', ')})`;
}

/** `set (…)` and `reset (…)` that turn the storage parameters of one object into those of another. */
export function optionChanges(then: readonly string[] = [], now: readonly string[] = []): string[] {
  const names = new Set(now.map((text) => optionOf(text).name));
  const old = new Set(then);
  const set = now.filter((text) => !old.has(text));
  const gone = then.map((text) => optionOf(text).name).filter((name) => !names.has(name));
  return [
    ...(set.length > 0 ? [`set (${set.map(storageOption).join(', ')})`] : []),
    ...(gone.length > 0 ? [`reset (${gone.join(', ')})`] : []),
  ];
}

const HIDDEN = '***';

/** ` options (host 'example.org')`, or nothing. */
export function foreignOptions(options: readonly string[] = []): string {
  const shown = options.map(optionOf);
  return shown.length === 0 ? '' : `options (${shown.map(foreignOption).join(', ')})`;
}

function foreignOption({ name, value }: Option): string {
  return `${quoteIdentifier(name)} ${quoteLiteral(value)}`;
}

/** The clause that turns the options of one foreign object into those of another, or nothing. */
export function foreignOptionChanges(
  then: readonly string[] = [],
  now: readonly string[] = [],
): string | undefined {
  const old = new Map(then.map(optionOf).map(({ name, value }) => [name, value]));
  const young = new Map(now.map(optionOf).map(({ name, value }) => [name, value]));
  const changes = [
    ...[...young].flatMap(([name, value]) =>
      !old.has(name)
        ? [`add ${foreignOption({ name, value })}`]
        : old.get(name) !== value
          ? [`set ${foreignOption({ name, value })}`]
          : [],
    ),
    ...[...old.keys()].filter((name) => !young.has(name)).map((name) => `drop ${quoteIdentifier(name)}`),
  ];
  return changes.length > 0 ? `options (${changes.join(', ')})` : undefined;
}

/** True where a value that the reader hid would have to be written. */
export function hidesSecret(options: readonly string[] = []): boolean {
  return options.some((text) => optionOf(text).value === HIDDEN);
}
