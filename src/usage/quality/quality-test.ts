/** A data-quality test: a query of the rows that break a rule. It passes when there are none. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nearest, readText } from '../../core/index.js';
import { lex, readDirectives, splitStatements } from '../../sql/index.js';
import { USAGE_ERRORS } from '../errors.js';

export const QUALITY_KINDS = ['freshness', 'completeness', 'ranges', 'referential', 'distribution'] as const;
export type QualityKind = (typeof QUALITY_KINDS)[number];

/** `error` fails the run, `warning` is told. */
const SEVERITIES = ['error', 'warning'] as const;
export type QualitySeverity = (typeof SEVERITIES)[number];

/** A column of another target that values must be in. */
export interface ForeignColumn {
  readonly target: string;
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

export interface QualityTest {
  /** The name of its file without the ending. */
  readonly name: string;
  readonly file: string;
  /** The comment at its head. */
  readonly description: string;
  readonly kind: QualityKind;
  readonly severity: QualitySeverity;
  /** With it the query gives values, and those that this column lacks break the rule. */
  readonly existsIn: ForeignColumn | undefined;
  readonly query: string;
}

/** Where a project keeps its tests, from its root. */
export const QUALITY_FOLDER = 'analytics/tests';

/** The tests of a project in the order of their names; none where it has no such folder. @throws USAGE_QUALITY_TEST_INVALID */
export function readQualityTests(root: string): readonly QualityTest[] {
  const folder = join(root, QUALITY_FOLDER);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.sql')) : [];
  return files
    .sort()
    .map((name) => parseQualityTest(`${QUALITY_FOLDER}/${name}`, readText(join(folder, name))));
}

/** The test that a text says. @throws USAGE_QUALITY_TEST_INVALID with the place in the text */
export function parseQualityTest(file: string, text: string): QualityTest {
  const fail = (
    complaint: string,
    start = 0,
    end = Math.max(1, text.indexOf('\n')),
    hint?: string,
  ): never => {
    throw USAGE_ERRORS.QUALITY_TEST_INVALID({
      message: `Cannot use ${file}: ${complaint}`,
      source: { file, text, start, end },
      ...(hint ? { hint } : {}),
    });
  };
  const settings = new Map<string, string>();
  for (const directive of readDirectives(text)) {
    for (const { key, value, start, end } of directive.settings) {
      if (!SETTINGS.includes(key)) {
        const near = nearest(key, SETTINGS);
        fail(`'${key}' is not known here`, start, end, near && `Did you mean '${near}'?`);
      }
      settings.set(key, value);
    }
    const stray = directive.malformed ?? directive.words[0];
    if (stray) {
      fail('the directive cannot be read (key=value was wanted)', stray.start, stray.end);
    }
  }
  const oneOf = <Value extends string>(key: string, values: readonly Value[], fallback?: Value): Value => {
    const value = (settings.get(key) ?? fallback) as Value | undefined;
    return value !== undefined && values.includes(value)
      ? value
      : fail(
          `${key} is ${value === undefined ? 'missing' : `'${value}'`} (one of ${values.join(', ')} was wanted)`,
        );
  };
  const statements = splitStatements(text);
  const [first, second] = statements;
  if (!first || second) {
    fail(
      first ? 'it has a second statement (one query was wanted)' : 'it has no query',
      second?.start,
      second?.end,
    );
  }
  const existsIn = settings.get('exists_in');
  const column = existsIn === undefined ? undefined : EXISTS_IN.exec(existsIn);
  if (column === null) {
    fail(`exists_in is '${existsIn}' ("target schema.table.column" was wanted)`);
  }
  return {
    name: file.replace(/^.*\//, '').replace(/\.sql$/, ''),
    file,
    description:
      headComment(text) || fail('it has no comment at its head (what must hold, in a sentence, was wanted)'),
    kind: oneOf('kind', QUALITY_KINDS),
    severity: oneOf('severity', SEVERITIES, 'error'),
    existsIn: column
      ? { target: column[1]!, schema: column[2]!, table: column[3]!, column: column[4]! }
      : undefined,
    query: text.slice(first!.start, first!.end).replace(/;\s*$/, ''),
  };
}

const SETTINGS = ['kind', 'severity', 'exists_in'];
const EXISTS_IN = /^(\S+) ([a-z_][a-z0-9_]*)\.([a-z_][a-z0-9_]*)\.([a-z_][a-z0-9_]*)$/;

/** The comment lines before the query, without directives, as one text. */
function headComment(text: string): string {
  const lines: string[] = [];
  for (const { kind, start, end } of lex(text)) {
    if (kind !== 'line-comment') {
      break;
    }
    const line = text
      .slice(start, end)
      .replace(/^--\s?/, '')
      .trim();
    if (!line.startsWith('plinth:')) {
      lines.push(line);
    }
  }
  return lines.join(' ').trim();
}
