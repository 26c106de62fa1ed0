import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseDuration } from '../../config/index.js';
import { nearest, readText } from '../../core/index.js';
import { USAGE_ERRORS } from '../errors.js';
import { isAtLeastAsFine } from '../grain.js';
import { ConditionFlaw, parseCondition } from './condition.js';
import { type Declaration, type DeclaredMeasure, declarationSchema } from './declaration.js';
import { type DeclarationFile, type Path, readDeclarationFile } from './declaration-file.js';
import { otherValue } from './other-value.js';
import { type Cap, EVENTS, type Measure, type Rollup, rollupNamed } from './rollup.js';
import { type SourceColumn, sourceColumn } from './source-columns.js';

/** Where a project declares its rollups, from its root. */
export const ROLLUPS_FOLDER = 'analytics/rollups';

/** A declaration as text. */
export interface RollupText {
  /** The name that complaints show; the rollup's name is its last part without the ending. */
  readonly file: string;
  readonly text: string;
}

/**
 * The rollups that a project declares, each after the one it sums; none where it has no such folder.
 * @throws USAGE_ROLLUP_INVALID with the place in the file
 */
export function readRollups(root: string): readonly Rollup[] {
  const folder = join(root, ROLLUPS_FOLDER);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)) : [];
  return parseRollups(
    files.sort().map((name) => ({ file: `${ROLLUPS_FOLDER}/${name}`, text: readText(join(folder, name)) })),
  );
}

/** The same, of texts. @throws USAGE_ROLLUP_INVALID */
export function parseRollups(texts: readonly RollupText[]): readonly Rollup[] {
  let waiting = texts.map((text) => ({
    name: nameOf(text.file),
    read: readDeclarationFile(text, declarationSchema, USAGE_ERRORS.ROLLUP_INVALID),
  }));
  const names = waiting.map(({ name }) => name);
  const resolved: Rollup[] = [];
  while (waiting.length > 0) {
    const isReady = ({ read }: (typeof waiting)[number]): boolean =>
      read.value.source === EVENTS || rollupNamed(resolved, read.value.source) !== undefined;
    const ready = waiting.filter(isReady);
    if (ready.length === 0) {
      throw unresolvable(waiting[0]!.read, names);
    }
    resolved.push(...ready.map(({ name, read }) => resolveRollup(name, read, resolved)));
    waiting = waiting.filter((one) => !ready.includes(one));
  }
  return resolved;
}

function nameOf(file: string): string {
  const name = file.replace(/^.*\//, '').replace(/\.ya?ml$/, '');
  if (!/^[a-z][a-z0-9_]{0,29}$/.test(name)) {
    throw USAGE_ERRORS.ROLLUP_INVALID({
      message: `Cannot use ${file}: its name is the rollup's (a-z, 0-9 and _ were wanted, up to 30)`,
    });
  }
  return name;
}

type Read = DeclarationFile<Declaration>;

function unresolvable(read: Read, names: readonly string[]): Error {
  const { source } = read.value;
  const near = nearest(source, [EVENTS, ...names]);
  return read.fail(
    ['source'],
    names.includes(source)
      ? `'source' makes a circle: '${source}' sums, in the end, this rollup`
      : `'source' is '${source}', which is neither ${EVENTS} nor a rollup beside it`,
    near && near !== source ? { hint: `Did you mean '${near}'?` } : {},
  );
}

function resolveRollup(name: string, read: Read, known: readonly Rollup[]): Rollup {
  const { source, grain, description, retention, settle } = read.value;
  const base = rollupNamed(known, source);
  if (base && !isAtLeastAsFine(base.grain, grain)) {
    read.fail(['grain'], `a ${grain} cannot be summed from ${source}, which is by ${base.grain}`);
  }
  const dimensions = dimensionsOf(read, base);
  const measures = base ? carriedMeasures(read, base) : eventMeasures(read, dimensions);
  return {
    name,
    description,
    source,
    grain,
    dimensions,
    measures,
    caps: capsOf(read, base, { dimensions, measures }),
    retentionMs: retention === undefined ? undefined : parseDuration(retention)!,
    settleMs: parseDuration(settle)!,
  };
}

function dimensionsOf(read: Read, base: Rollup | undefined): SourceColumn[] {
  const names = read.value.dimensions;
  return names.map((name, index) => {
    const path: Path = ['dimensions', index];
    if (names.indexOf(name) !== index) {
      read.fail(path, `the dimension '${name}' is there twice`);
    }
    if (base && !base.dimensions.some((dimension) => dimension.name === name)) {
      read.fail(path, `${base.name} does not have the dimension '${name}'`);
    }
    return sourceColumn(name)!;
  });
}

function capsOf(
  read: Read,
  base: Rollup | undefined,
  { dimensions, measures }: Pick<Rollup, 'dimensions' | 'measures'>,
): Cap[] {
  const caps = Object.entries(read.value.cap);
  const exact = measures.find((measure) => measure.kind === 'distinct' && !measure.estimated);
  return caps.map(([name, at]) => {
    const path: Path = ['cap', name];
    const column = dimensions.find((dimension) => dimension.name === name);
    if (base) {
      return read.fail(path, `what ${base.name} has folded cannot be folded again (${EVENTS} was wanted)`);
    }
    if (!column) {
      return read.fail(path, `'${name}' is no dimension here`);
    }
    if (name === 'organization_id' || otherValue(column) === undefined) {
      return read.fail(path, `'${name}' cannot be capped (a value that organizations choose was wanted)`);
    }
    if (!dimensions.some((dimension) => dimension.name === 'organization_id')) {
      return read.fail(path, 'a cap is for each organization (the dimension organization_id was wanted)');
    }
    if (exact) {
      return read.fail(path, `rows are folded by adding them up, and '${exact.name}' is an exact distinct`);
    }
    return { column, at: at! };
  });
}

/** Over a rollup: a list of its measures. */
function carriedMeasures(read: Read, base: Rollup): Measure[] {
  const { measures } = read.value;
  if (!Array.isArray(measures)) {
    return read.fail(['measures'], `over a rollup a list was wanted, of measures of ${base.name}`);
  }
  const carried = measures.map((name, index): Measure => {
    const path: Path = ['measures', index];
    const found = base.measures.find((measure) => measure.name === name);
    if (!found) {
      const near = nearest(
        name,
        base.measures.map((measure) => measure.name),
      );
      return read.fail(
        path,
        `${base.name} has no measure '${name}'`,
        near ? { hint: `Did you mean '${near}'?` } : {},
      );
    }
    if (found.kind === 'distinct' && !found.estimated) {
      read.fail(
        path,
        `'${name}' is an exact distinct, which does not add up (an estimated one was wanted, or ${EVENTS} as the source)`,
      );
    }
    return found;
  });
  checkMoney(read, carried, read.value.dimensions);
  checkRates(read, carried);
  return carried;
}

function eventMeasures(read: Read, dimensions: readonly SourceColumn[]): Measure[] {
  const { measures } = read.value;
  if (Array.isArray(measures)) {
    return read.fail(['measures'], `over ${EVENTS} measures by name were wanted, each with what it is`);
  }
  const resolved = Object.entries(measures).map(([name, declared]) => resolveMeasure(read, name, declared));
  if (!resolved.some((measure) => measure.kind === 'count' && !measure.where)) {
    read.fail(['measures'], 'a measure with count: all was wanted, to tell how many events a row has');
  }
  const columns = dimensions.map((dimension) => dimension.name);
  const twice = resolved.find(({ name }) => columns.includes(name) || RESERVED.includes(name));
  if (twice) {
    read.fail(['measures', twice.name], `the measure '${twice.name}' has the name of another column`);
  }
  checkMoney(read, resolved, columns);
  checkRates(read, resolved);
  return resolved;
}

/** Columns that every rollup has. */
const RESERVED = ['bucket_start', 'refreshed_at'];

function resolveMeasure(read: Read, name: string, declared: DeclaredMeasure): Measure {
  const told = (meaning: string): { name: string; meaning: string } => ({
    name,
    meaning: declared.meaning ?? meaning,
  });
  if ('count' in declared) {
    return declared.count === 'all'
      ? { kind: 'count', ...told('Events, at least one.'), where: undefined }
      : {
          kind: 'count',
          ...told(`Events with ${declared.count}.`),
          where: conditionAt(read, ['measures', name, 'count'], declared.count),
        };
  }
  if ('sum' in declared) {
    return { kind: 'sum', ...told(`Sum of ${declared.sum}.`), column: declared.sum };
  }
  if ('cost' in declared) {
    return {
      kind: 'cost',
      ...told('Sum of the known costs in billionths of the currency unit.'),
      column: declared.cost,
    };
  }
  if ('percentiles' in declared) {
    return {
      kind: 'percentiles',
      ...told(`Histogram of ${declared.percentiles}.`),
      column: declared.percentiles,
    };
  }
  if ('distinct' in declared) {
    const { distinct: column, estimated } = declared;
    const how = estimated ? 'estimated within a standard error of 2.3 %' : 'exact';
    return { kind: 'distinct', ...told(`Different values of ${column}, ${how}.`), column, estimated };
  }
  return {
    kind: 'rate',
    ...told(`${declared.rate} per ${declared.per}.`),
    of: declared.rate,
    per: declared.per,
  };
}

function conditionAt(read: Read, path: Path, text: string) {
  try {
    return parseCondition(text);
  } catch (flaw) {
    if (flaw instanceof ConditionFlaw) {
      return read.fail(path, `the condition cannot be read: ${flaw.message}`, { within: flaw });
    }
    throw flaw;
  }
}

function checkMoney(read: Read, measures: readonly Measure[], dimensions: readonly string[]): void {
  const cost = measures.find(({ kind }) => kind === 'cost');
  if (cost && !dimensions.includes('currency')) {
    read.fail(
      ['dimensions'],
      `'${cost.name}' is money, and money of two currencies has no sum (the dimension currency was wanted)`,
    );
  }
}

function checkRates(read: Read, measures: readonly Measure[]): void {
  for (const measure of measures) {
    for (const part of measure.kind === 'rate' ? [measure.of, measure.per] : []) {
      if (!measures.some(({ name, kind }) => name === part && (kind === 'count' || kind === 'sum'))) {
        read.fail(
          ['measures', measure.name],
          `the rate '${measure.name}' names '${part}', which is no count or sum here`,
        );
      }
    }
  }
}
