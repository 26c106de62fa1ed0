/** Differences between schemas as a person reads them: by object, the parts of one under it. */

import type { Difference, DriftedObject, DriftReport, SchemaComparison } from '../compare/index.js';
import { lineDiff } from '../core/index.js';
import type { Style } from './style.js';
import { formatDuration, plural } from './units.js';

/** The drift of one database, or of one member of a fleet. */
type DriftView = DriftReport & { readonly member: string | undefined; readonly recorded?: string };

interface SavedSchemaView {
  readonly file: string;
  readonly source: string;
  readonly counts: {
    readonly schemas: number;
    readonly tables: number;
    readonly views: number;
    readonly routines: number;
  };
}

/** What a comparison found, and a line that sums it up. */
export function comparisonText(comparison: SchemaComparison, style: Style): string {
  const { from, to, differences, counts, notices, isEmpty } = comparison;
  const sum = (['added', 'removed', 'changed', 'reordered'] as const)
    .filter((change) => counts[change] > 0)
    .map((change) => `${counts[change]} ${change}`)
    .join(', ');
  return [
    `${style.strong(from.label)} → ${style.strong(to.label)}`,
    ...(comparison.renamed ?? []).map(({ text }) => `  ${style.accent('renamed')}  ${text}`),
    ...differencesText(differences, style),
    ...notices.map((notice) => style.warn(`  note: ${notice}`)),
    isEmpty ? style.good('  no difference') : style.bad(`  ${sum || 'nothing else differs'}`),
  ].join('\n');
}

const VERDICT_TITLES = {
  unmade: 'In the database, and made by no migration:',
  gone: 'Made by a migration, and gone from the database:',
  differs: 'In the database not as the migrations made it:',
} as const;

/** What was found in one database: who is right, object by object. */
export function driftText(drift: DriftView, style: Style): string {
  const { targets, member, database, schema, serverVersion, differences, notKnown, expected, notices } =
    drift;
  const at = targets.map(({ target, version }) => `${target} at ${version ?? 'no version'}`).join(', ');
  const place = [member ?? schema, database, `PostgreSQL ${serverVersion}`, at].filter(Boolean).join(', ');
  const made = expected
    ? `  compared with a schema from ${fromWords(expected.from)} in ${formatDuration(drift.durationMs)}`
    : '';
  const verdicts = (['unmade', 'gone', 'differs'] as const).flatMap((verdict) => {
    const found = differences.filter((difference) => difference.verdict === verdict);
    return found.length === 0
      ? []
      : [`  ${style.strong(VERDICT_TITLES[verdict])}`, ...differencesText(found, style)];
  });
  return [
    `${stateWord(drift.state, style)} ${style.strong(place)}`,
    ...(notKnown ? [style.warn(`  not known: ${notKnown.message}`)] : []),
    ...verdicts,
    ...notices.map((notice) => style.warn(`  note: ${notice}`)),
    ...(made === '' ? [] : [style.faint(made)]),
    ...(drift.recorded === undefined ? [] : [`  ${style.good(`recorded ${drift.recorded} as applied`)}`]),
  ].join('\n');
}

/** What is to be done about drift, once for all databases. */
export function driftAdvice(drifts: readonly DriftView[], style: Style): readonly string[] {
  return drifts.some(({ state }) => state === 'drifted')
    ? [
        '',
        `${style.accent('to bring the database back')}: plinth drift --sql shows the statements`,
        `${style.accent('to take the change over')}: plinth diff --save <slug> writes it as a migration, plinth drift --record <version> takes that for applied`,
      ]
    : [];
}

interface SavedMigrationView {
  readonly up: string;
  readonly down: string | undefined;
  readonly statements: { readonly up: number; readonly down: number };
}

/** Where a migration was written, and that it was proven. */
export function savedMigrationText(
  { up, down, statements }: SavedMigrationView,
  style: Style,
): readonly string[] {
  const files = [...new Set([up, down])].filter((path) => path !== undefined);
  return [
    ...files.map((path) => `${style.good('wrote')} ${path}`),
    style.faint(
      `proven on a throwaway database: ${plural(statements.up, 'statement')} up, ${statements.down} down`,
    ),
  ];
}

export function savedSchemaText({ file, source, counts }: SavedSchemaView, style: Style): string {
  const { schemas, tables, views, routines } = counts;
  const what = [
    plural(schemas, 'schema'),
    plural(tables, 'table'),
    plural(views, 'view'),
    plural(routines, 'routine'),
  ];
  return `${style.good('wrote')} ${file}  ${style.faint(`${source}: ${what.join(', ')}`)}`;
}

function fromWords(from: 'cache' | 'throwaway database'): string {
  return from === 'cache' ? 'the cache' : 'a throwaway database';
}

function stateWord(state: DriftReport['state'], style: Style): string {
  return state === 'none'
    ? style.good('no drift')
    : state === 'drifted'
      ? style.bad('drifted')
      : style.warn('unknown');
}

type Shown = Difference & Partial<Pick<DriftedObject, 'madeBy'>>;

const MARKS = { added: '+', removed: '-', changed: '~', reordered: '~' } as const;

function differencesText(differences: readonly Shown[], style: Style): string[] {
  let holder = '';
  return differences.flatMap((difference) => {
    const { of, kind, path } = difference;
    const owner = of ? `${of.kind} ${of.path.join('.')}` : '';
    const isItself = of === undefined && `${kind} ${path.join('.')}` !== holder;
    const head = of && owner !== holder ? [`  ${style.strong(owner)}`] : [];
    holder = of ? owner : isItself ? `${kind} ${path.join('.')}` : holder;
    return [...head, ...differenceText(difference, style)];
  });
}

function differenceText(difference: Shown, style: Style): string[] {
  const { change, kind, path, of, madeBy } = difference;
  const indent = of ? '    ' : '  ';
  const paint = change === 'added' ? style.good : change === 'removed' ? style.bad : style.warn;
  const name = of ? path.slice(of.path.length).join('.') : path.join('.');
  const what = summary(difference);
  const origin = madeBy ? style.faint(`  ${madeBy.target} ${madeBy.version}_${madeBy.name}`) : '';
  return [
    `${indent}${paint(`${MARKS[change]} ${kind} ${name}`)}${what === '' ? '' : `  ${what}`}${origin}`,
    ...tellingProperties(difference).flatMap((property) => propertyText(property, `${indent}    `, style)),
  ];
}

/** What changed, without what a changed definition says again. */
function tellingProperties({ properties = [] }: Difference): readonly PropertyChange[] {
  return properties.some(({ property }) => property === 'definition')
    ? properties.filter(({ property }) => SAID_BY_NO_DEFINITION.has(property))
    : properties;
}

const SAID_BY_NO_DEFINITION: ReadonlySet<string> = new Set([
  'definition',
  'comment',
  'owner',
  'grants',
  'revokes',
  'enabled',
  'invalid',
  'clustered',
  'replicaIdentity',
  'notValid',
  'tablespace',
]);

type Model = Readonly<Record<string, unknown>>;

/** What an object is, on one line. */
function summary({ change, kind, before, after, order }: Difference): string {
  if (order) {
    return `order of columns: ${order.moved.join(', ')} moved; now ${order.after.join(', ')}`;
  }
  const object = change === 'changed' ? undefined : ((after ?? before) as Model | undefined);
  if (!object) {
    return '';
  }
  switch (kind) {
    case 'column':
    case 'attribute':
      return columnSummary(object);
    case 'table':
    case 'view':
      return counts(object, ['columns', 'constraints', 'indexes', 'triggers', 'policies']);
    case 'constraint':
    case 'domain constraint':
    case 'index':
    case 'trigger':
    case 'rule':
    case 'statistics':
      return oneLine(String(object.definition ?? ''));
    case 'policy':
      return oneLine(
        [`for ${object.command}`, object.using && `using (${object.using})`].filter(Boolean).join(' '),
      );
    case 'routine':
      return [object.kind, object.result && `returns ${object.result}`].filter(Boolean).join(' ');
    case 'extension':
      return `${object.version} in ${object.schema}`;
    default:
      return '';
  }
}

function columnSummary({ type, notNull, default: value, generated, identity }: Model): string {
  return [
    String(type),
    notNull && 'not null',
    value !== undefined && `default ${oneLine(String(value))}`,
    generated && 'generated',
    identity && 'identity',
  ]
    .filter(Boolean)
    .join(' ');
}

function counts(object: Model, lists: readonly string[]): string {
  return lists
    .flatMap((list) => {
      const length = (object[list] as readonly unknown[] | undefined)?.length ?? 0;
      const noun = list === 'indexes' ? 'index' : list === 'policies' ? 'policy' : list.slice(0, -1);
      return length === 0 ? [] : [plural(length, noun, list)];
    })
    .join(', ');
}

const LONGEST = 100;

function oneLine(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length > LONGEST ? `${flat.slice(0, LONGEST - 1)}…` : flat;
}

type PropertyChange = NonNullable<Difference['properties']>[number];

/** A short value before and after on one line; of a long text the lines that differ. */
function propertyText({ property, before, after }: PropertyChange, indent: string, style: Style): string[] {
  if (typeof before === 'string' && typeof after === 'string' && `${before}${after}`.includes('\n')) {
    return [
      `${indent}${property}`,
      ...lineDiff(before, after).map((line) => {
        const paint = line.startsWith('-') ? style.bad : line.startsWith('+') ? style.good : style.faint;
        return `${indent}  ${paint(line)}`;
      }),
    ];
  }
  const [then, now] =
    before === true || after === true
      ? [before === true ? 'yes' : 'no', after === true ? 'yes' : 'no']
      : [valueText(before), valueText(after)];
  return [`${indent}${inWords(property)}: ${then} → ${now}`];
}

/** `notNull` as `not null`. */
function inWords(property: string): string {
  return property.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) {
    return 'none';
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? 'none' : value.map(valueText).join(', ');
  }
  if (typeof value === 'object') {
    const parts = Object.entries(value).map(([name, part]) => `${name} ${valueText(part)}`);
    return `(${parts.join(', ')})`;
  }
  return oneLine(String(value));
}
