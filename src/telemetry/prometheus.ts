/**
 * Metrics in Prometheus' text format, version 0.0.4, and back. Names are derived as OpenTelemetry prescribes:
 * dots become underscores, seconds become the suffix `_seconds`, counters end in `_total`.
 * Source: Prometheus, "Exposition formats"; OpenTelemetry, "Prometheus and OpenMetrics Compatibility".
 *
 * The file for a node exporter is also the memory of the commands that write it: each process lives for one run,
 * so counters and histograms go on from what the file holds, and targets that a run did not touch stay.
 */
import { ATTRIBUTES, type AttributeName, type Attributes } from './attributes.js';
import { METRICS, type Metric, type MetricName, metricOf } from './metrics.js';
import { keyOf, type RecordedMetrics, type Series } from './recorded-metrics.js';

/** The text of all metrics that have a series, in the order of the catalogue. */
export function prometheusText(metrics: RecordedMetrics): string {
  const blocks = NAMES.flatMap((name) => {
    const series = [...(metrics.get(name)?.values() ?? [])];
    return series.length === 0 ? [] : [blockOf(name, series)];
  });
  return blocks.join('');
}

/** The name that Prometheus has for a metric, without a histogram's own suffixes. */
export function prometheusName(name: MetricName): string {
  const { unit, kind } = metricOf(name);
  const suffix = `${unit === 's' ? '_seconds' : ''}${kind === 'counter' ? '_total' : ''}`;
  return `${underscored(name)}${suffix}`;
}

/**
 * What `prometheusText` wrote and this process has recorded, together: counters and histograms are added up,
 * gauges are this process' own where it has set them. A text that is not Plinth's counts as empty.
 */
export function combined(text: string, own: RecordedMetrics): RecordedMetrics {
  const before = readPrometheusText(text);
  return new Map(NAMES.map((name) => [name, combinedSeries(name, before.get(name), own.get(name))]));
}

/** What has been recorded since `earlier`. */
export function since(own: RecordedMetrics, earlier: RecordedMetrics = new Map()): RecordedMetrics {
  return new Map(
    [...own].map(([name, series]) => [
      name,
      new Map([...series].map(([key, now]) => [key, difference(name, now, earlier.get(name)?.get(key))])),
    ]),
  );
}

function difference(name: MetricName, now: Series, before: Series | undefined): Series {
  if (!before || metricOf(name).kind === 'gauge') {
    return now;
  }
  const buckets = now.buckets?.map((inBucket, index) => inBucket - (before.buckets?.[index] ?? 0));
  return { attributes: now.attributes, value: now.value - before.value, ...(buckets ? { buckets } : {}) };
}

const NAMES = Object.keys(METRICS) as MetricName[];

function blockOf(name: MetricName, series: readonly Series[]): string {
  const metric = metricOf(name);
  const shown = prometheusName(name);
  const help = metric.means.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  const lines = series.flatMap((one) => linesOf(shown, metric, one));
  return [`# HELP ${shown} ${help}`, `# TYPE ${shown} ${metric.kind}`, ...lines, ''].join('\n');
}

function linesOf(name: string, { bounds = [] }: Metric, { attributes, value, buckets }: Series): string[] {
  if (!buckets) {
    return [`${name}${labels(attributes)} ${value}`];
  }
  let sum = 0;
  const cumulative = buckets.map((inBucket, index) => {
    sum += inBucket;
    return `${name}_bucket${labels(attributes, String(bounds[index] ?? '+Inf'))} ${sum}`;
  });
  return [
    ...cumulative,
    `${name}_sum${labels(attributes)} ${value}`,
    `${name}_count${labels(attributes)} ${sum}`,
  ];
}

function labels(attributes: Attributes, le?: string): string {
  const pairs = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${underscored(name)}="${escaped(String(value))}"`)
    .sort();
  const all = le === undefined ? pairs : [...pairs, `le="${le}"`];
  return all.length === 0 ? '' : `{${all.join(',')}}`;
}

function underscored(name: string): string {
  return name.replaceAll('.', '_');
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

const ATTRIBUTE_OF_LABEL = new Map(
  (Object.keys(ATTRIBUTES) as AttributeName[]).map((name) => [underscored(name), name]),
);

/** Reads what `prometheusText` writes; lines of another form are left out. */
function readPrometheusText(text: string): RecordedMetrics {
  const samples = new Map(text.split('\n').flatMap(sampleOf));
  return new Map(NAMES.map((name) => [name, seriesIn(samples, name)]));
}

interface Sample {
  readonly name: string;
  readonly attributes: Attributes;
  readonly le: string | undefined;
  readonly value: number;
}

function sampleOf(line: string): [string, Sample][] {
  const match = /^([a-z_]+)(?:\{(.*)\})? (-?[0-9.e+-]+)$/.exec(line);
  if (!match) {
    return [];
  }
  const [, name = '', inside = '', value] = match;
  const pairs = [...inside.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)].map(
    ([, label = '', text = '']) => [label, unescaped(text)] as const,
  );
  const attributes = Object.fromEntries(
    pairs.flatMap(([label, text]) => {
      const attribute = ATTRIBUTE_OF_LABEL.get(label);
      return attribute ? [[attribute, text] as const] : [];
    }),
  );
  const le = pairs.find(([label]) => label === 'le')?.[1];
  return [[`${name} ${keyOf(attributes)} ${le ?? ''}`, { name, attributes, le, value: Number(value) }]];
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

function seriesIn(samples: ReadonlyMap<string, Sample>, name: MetricName): Map<string, Series> {
  const shown = prometheusName(name);
  const { kind, bounds = [] } = metricOf(name);
  const wanted = kind === 'histogram' ? `${shown}_sum` : shown;
  const found = [...samples.values()].filter((sample) => sample.name === wanted);
  return new Map(
    found.map(({ attributes, value }) => {
      const key = keyOf(attributes);
      if (kind !== 'histogram') {
        return [key, { attributes, value }];
      }
      const cumulative = [...bounds.map(String), '+Inf'].map(
        (le) => samples.get(`${shown}_bucket ${key} ${le}`)?.value ?? 0,
      );
      const buckets = cumulative.map((sum, index) => Math.max(0, sum - (cumulative[index - 1] ?? 0)));
      return [key, { attributes, value, buckets }];
    }),
  );
}

function combinedSeries(
  name: MetricName,
  before: ReadonlyMap<string, Series> = new Map(),
  own: ReadonlyMap<string, Series> = new Map(),
): Map<string, Series> {
  const { kind, onePer } = metricOf(name);
  const isReplaced = ({ attributes: old }: Series): boolean =>
    onePer !== undefined &&
    [...own.values()].some(({ attributes }) => onePer.every((each) => attributes[each] === old[each]));
  const kept = [...before].filter(([, series]) => !isReplaced(series));
  const all = new Map(kept);
  for (const [key, series] of own) {
    const earlier = kind === 'gauge' ? undefined : all.get(key);
    all.set(key, earlier ? added(earlier, series) : series);
  }
  return all;
}

function added(a: Series, b: Series): Series {
  const value = a.value + b.value;
  return a.buckets && b.buckets
    ? { ...a, value, buckets: a.buckets.map((inBucket, index) => inBucket + (b.buckets?.[index] ?? 0)) }
    : { ...a, value };
}
