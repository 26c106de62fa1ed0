/** What the SDK hands finished spans and metrics to: encoded, posted, and counted. */

import {
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Destination } from './otlp-settings.js';
import { post } from './post.js';

/** Told how each request went. */
export interface Delivery {
  delivered(): void;
  failed(error: Error): void;
  /** Aborted when there is no more time. */
  readonly signal: AbortSignal;
}

export function spanExporter(destination: Destination, delivery: Delivery): SpanExporter {
  const serializer = destination.encoding === 'json' ? JsonTraceSerializer : ProtobufTraceSerializer;
  const requests = trackedRequests(destination, delivery);
  return {
    export: (spans, done) => requests.send(serializer.serializeRequest(spans), done),
    forceFlush: requests.settled,
    shutdown: requests.settled,
  };
}

export function metricExporter(destination: Destination, delivery: Delivery): PushMetricExporter {
  const serializer = destination.encoding === 'json' ? JsonMetricsSerializer : ProtobufMetricsSerializer;
  const requests = trackedRequests(destination, delivery);
  return {
    export: (metrics, done) => requests.send(serializer.serializeRequest(metrics), done),
    forceFlush: requests.settled,
    shutdown: requests.settled,
  };
}

type Done = (result: { readonly code: number; readonly error?: Error }) => void;

/** The SDK's result codes. */
const SUCCESS = 0;
const FAILED = 1;

function trackedRequests(destination: Destination, delivery: Delivery) {
  const open = new Set<Promise<void>>();
  return {
    send: (body: Uint8Array | undefined, done: Done): void => {
      const request = (body ? post(destination, body, delivery.signal) : Promise.resolve())
        .then(() => {
          delivery.delivered();
          done({ code: SUCCESS });
        })
        .catch((error: Error) => {
          delivery.failed(error);
          done({ code: FAILED, error });
        })
        .finally(() => open.delete(request));
      open.add(request);
    },
    settled: async (): Promise<void> => {
      await Promise.all(open);
    },
  };
}
