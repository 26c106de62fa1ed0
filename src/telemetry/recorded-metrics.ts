/**
 * Records metrics twice: in this process, for the Prometheus file and endpoint, and through OpenTelemetry where
 * an SDK is registered. What is recorded before an SDK is there does not reach it.
 */
import type { Meter, MeterProvider } from '@opentelemetry/api';
import type { Attributes } from './attributes.js';
import {
  type CounterName,
  type GaugeName,
  type HistogramName,
  METRICS,
  type MetricName,
  metricOf,
} from './metrics.js';
import { loadedOpenTelemetry } from './open-telemetry.js';
import { PACKAGE } from './package-name.js';
import { isRehearsal } from './rehearsal.js';
import { present } from './span.js';

/** One metric with one set of attributes. */
export interface Series {
  readonly attributes: Attributes;
  /** The sum of a counter, the last value of a gauge, the sum of a histogram's values. */
  readonly value: number;
  /** A histogram: how many values fell in each bucket, the last without an upper bound. */
  readonly buckets?: readonly number[];
}

export type RecordedMetrics = ReadonlyMap<MetricName, ReadonlyMap<string, Series>>;

const recorded = new Map<MetricName, Map<string, Series>>();

/** Adds to a counter. */
export function count(name: CounterName, amount: number, attributes: Attributes): void {
  if (amount > 0 && !isRehearsal()) {
    update(name, attributes, (before) => ({ attributes, value: (before?.value ?? 0) + amount }));
    instruments()?.counter(name).add(amount, present(attributes));
  }
}

/** Adds a value to a histogram. */
export function observe(name: HistogramName, value: number, attributes: Attributes): void {
  if (isRehearsal()) {
    return;
  }
  const { bounds = [] } = metricOf(name);
  update(name, attributes, (before) => withValue(before, value, bounds, attributes));
  instruments()?.histogram(name).record(value, present(attributes));
}

/** Sets a gauge. */
export function setGauge(name: GaugeName, value: number, attributes: Attributes): void {
  if (isRehearsal()) {
    return;
  }
  const { onePer } = metricOf(name);
  const series = seriesOf(name);
  if (onePer) {
    for (const [key, other] of series) {
      if (onePer.every((attribute) => other.attributes[attribute] === attributes[attribute])) {
        series.delete(key);
      }
    }
  }
  update(name, attributes, () => ({ attributes, value }));
  instruments();
}

/** Everything recorded in this process so far. */
export function recordedMetrics(): RecordedMetrics {
  return recorded;
}

/** Forgets everything: tests start with it. */
export function forgetMetrics(): void {
  recorded.clear();
}

/** A histogram's series with one more value. */
function withValue(
  before: Series | undefined,
  value: number,
  bounds: readonly number[],
  attributes: Attributes,
): Series {
  const buckets = [...(before?.buckets ?? new Array<number>(bounds.length + 1).fill(0))];
  const bucket = bounds.findIndex((bound) => value <= bound);
  buckets[bucket === -1 ? bounds.length : bucket]! += 1;
  return { attributes, value: (before?.value ?? 0) + value, buckets };
}

function update(
  name: MetricName,
  attributes: Attributes,
  change: (before: Series | undefined) => Series,
): void {
  const series = seriesOf(name);
  const key = keyOf(attributes);
  series.set(key, change(series.get(key)));
}

function seriesOf(name: MetricName): Map<string, Series> {
  const known = recorded.get(name);
  if (known) {
    return known;
  }
  const made = new Map<string, Series>();
  recorded.set(name, made);
  return made;
}

/** Attributes in one spelling, whatever their order. */
export function keyOf(attributes: Attributes): string {
  return JSON.stringify(Object.entries(present(attributes)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Instruments {
  readonly provider: MeterProvider;
  counter(name: CounterName): ReturnType<Meter['createCounter']>;
  histogram(name: HistogramName): ReturnType<Meter['createHistogram']>;
}

let current: Instruments | undefined;

/** The instruments of the registered SDK, made anew when another one has been registered. */
function instruments(): Instruments | undefined {
  const provider = loadedOpenTelemetry()?.metrics.getMeterProvider();
  if (provider && provider !== current?.provider) {
    current = makeInstruments(provider);
  }
  return current;
}

function makeInstruments(provider: MeterProvider): Instruments {
  const meter = provider.getMeter(PACKAGE);
  const made = new Map<MetricName, unknown>();
  const once = <Instrument>(name: MetricName, make: () => Instrument): Instrument => {
    const known = made.get(name) ?? make();
    made.set(name, known);
    return known as Instrument;
  };
  observeGauges(meter);
  return {
    provider,
    counter: (name) => once(name, () => meter.createCounter(name, optionsOf(name))),
    histogram: (name) =>
      once(name, () =>
        meter.createHistogram(name, {
          ...optionsOf(name),
          advice: { explicitBucketBoundaries: [...(metricOf(name).bounds ?? [])] },
        }),
      ),
  };
}

/** Gauges are read when the SDK collects, so that a series which was replaced is not reported any more. */
function observeGauges(meter: Meter): void {
  for (const name of Object.keys(METRICS) as MetricName[]) {
    if (metricOf(name).kind === 'gauge') {
      meter.createObservableGauge(name, optionsOf(name)).addCallback((result) => {
        for (const { attributes, value } of recorded.get(name)?.values() ?? []) {
          result.observe(value, present(attributes));
        }
      });
    }
  }
}

function optionsOf(name: MetricName): { readonly unit: string; readonly description: string } {
  const { unit, means } = metricOf(name);
  return { unit, description: means };
}
