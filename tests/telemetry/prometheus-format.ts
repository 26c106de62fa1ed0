/** A strict reader of Prometheus' text format 0.0.4, written from its description. It refuses what it does not know. */
export interface PrometheusSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface PrometheusFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly PrometheusSample[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"`;
const SAMPLE = new RegExp(
  String.raw`^(${NAME})(?:\{((?:${LABEL})(?:,${LABEL})*)\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)$`,
);

/** @throws Error naming the line that is wrong */
export function parsePrometheus(text: string): PrometheusFamily[] {
  if (!text.endsWith('\n') && text !== '') {
    throw new Error('the last line does not end');
  }
  const families: { name: string; type: string; help: string; samples: PrometheusSample[] }[] = [];
  const lines = text.split('\n').slice(0, -1);
  for (const [index, line] of lines.entries()) {
    const help = new RegExp(`^# HELP (${NAME}) (.+)$`).exec(line);
    const type = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`).exec(line);
    const family = families.at(-1);
    if (help) {
      refuse(
        families.some(({ name }) => name === help[1]),
        index,
        'the family is there already',
      );
      families.push({ name: help[1]!, help: help[2]!, type: '', samples: [] });
    } else if (type) {
      refuse(family?.name !== type[1] || family!.type !== '', index, 'TYPE does not follow its HELP');
      family!.type = type[2]!;
    } else {
      refuse(!family?.type, index, 'a sample comes before its TYPE');
      family!.samples.push(sampleOf(line, index, family!));
    }
  }
  families.filter(({ type }) => type === 'histogram').forEach(checkHistogram);
  return families;
}

function sampleOf(line: string, index: number, family: { name: string; type: string }): PrometheusSample {
  const match = SAMPLE.exec(line);
  refuse(!match, index, `'${line}' is no sample`);
  const [, name = '', inside = '', value] = match!;
  const suffix = name.slice(family.name.length);
  const allowed = family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
  refuse(
    !name.startsWith(family.name) || !allowed.includes(suffix),
    index,
    'the sample is of another family',
  );
  refuse(family.type === 'counter' && !name.endsWith('_total'), index, 'a counter ends in _total');
  const pairs = [...inside.matchAll(/([a-zA-Z0-9_]+)="((?:[^"\\]|\\.)*)"/g)].map(
    ([, label = '', text = '']) =>
      [label, text.replace(/\\(.)/g, (_, character) => (character === 'n' ? '\n' : character))] as const,
  );
  refuse(new Set(pairs.map(([label]) => label)).size !== pairs.length, index, 'a label is there twice');
  return { name, labels: Object.fromEntries(pairs), value: Number(value) };
}

function checkHistogram({ name, samples }: { name: string; samples: readonly PrometheusSample[] }): void {
  const keyOf = ({ le: _, ...labels }: Readonly<Record<string, string>>): string =>
    JSON.stringify(Object.entries(labels).sort());
  for (const count of samples.filter((sample) => sample.name === `${name}_count`)) {
    const buckets = samples.filter(
      (sample) => sample.name === `${name}_bucket` && keyOf(sample.labels) === keyOf(count.labels),
    );
    const bounds = buckets.map(({ labels }) =>
      Number(labels.le === '+Inf' ? Number.POSITIVE_INFINITY : labels.le),
    );
    const ascending = (numbers: readonly number[]): boolean =>
      numbers.every((number, index) => index === 0 || number >= numbers[index - 1]!);
    const isWhole =
      bounds.at(-1) === Number.POSITIVE_INFINITY &&
      ascending(bounds) &&
      ascending(buckets.map(({ value }) => value)) &&
      buckets.at(-1)!.value === count.value;
    refuse(!isWhole, -1, `the histogram ${name} does not add up`);
  }
}

function refuse(wrong: unknown, index: number, reason: string): void {
  if (wrong) {
    throw new Error(`line ${index + 1}: ${reason}`);
  }
}
