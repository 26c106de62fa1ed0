/**
 * Plinth's own OpenTelemetry SDK, for processes that have none: the command line. Loaded only when there is
 * somewhere to send to, because loading it takes longer than most commands.
 */
import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { type Delivery, metricExporter, spanExporter } from './exporters.js';
import type { OtlpSettings, SamplerSettings } from './otlp-settings.js';

/** How many spans may wait to be sent; more are dropped. */
const MOST_WAITING_SPANS = 8192;

export interface Sdk {
  /** Sends what is left, and takes the SDK back. */
  shutdown(): Promise<void>;
}

/** Registers the SDK for this process. */
export function startSdk(settings: OtlpSettings, delivery: Delivery): Sdk {
  const resource = resourceFromAttributes(settings.resource);
  const tracers = new TracerProvider({
    resource,
    sampler: samplerOf(settings.sampler),
    spanProcessors: settings.traces
      ? [
          new BatchSpanProcessor({
            exporter: spanExporter(settings.traces, delivery),
            maxQueueSize: MOST_WAITING_SPANS,
          }),
        ]
      : [],
  });
  const meters = new MeterProvider({
    resource,
    readers: settings.metrics
      ? [new PeriodicExportingMetricReader({ exporter: metricExporter(settings.metrics, delivery) })]
      : [],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(tracers);
  metrics.setGlobalMeterProvider(meters);
  return {
    shutdown: async () => {
      await Promise.allSettled([tracers.shutdown(), meters.shutdown()]);
      trace.disable();
      metrics.disable();
      context.disable();
    },
  };
}

function samplerOf({ kind, parentBased, ratio }: SamplerSettings): Sampler {
  const root =
    kind === 'always_off'
      ? new AlwaysOffSampler()
      : kind === 'traceidratio'
        ? new TraceIdRatioBasedSampler(ratio)
        : new AlwaysOnSampler();
  return parentBased ? new ParentBasedSampler({ root }) : root;
}
