/**
 * The trace that started this process, from the environment variable TRACEPARENT: a CI job's trace goes on in
 * Plinth's spans. Source: W3C Trace Context, "traceparent Header"; OpenTelemetry, "Environment Variables as
 * Context Propagation Carriers".
 */
import type { SpanContext } from '@opentelemetry/api';

let parent: SpanContext | undefined;

/** What TRACEPARENT named when the export was started. */
export function remoteParent(): SpanContext | undefined {
  return parent;
}

/** Makes spans without a parent children of that one. */
export function continueTrace(traceParent: string | undefined): void {
  parent = traceParent === undefined ? undefined : parseTraceParent(traceParent);
}

/** The parts of a `traceparent`; `undefined` when it is not one. */
export function parseTraceParent(text: string): SpanContext | undefined {
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(text.trim());
  const [, version = 'ff', traceId = '', spanId = '', flags = '', more] = match ?? [];
  const isValid = version !== 'ff' && !/^0+$/.test(traceId) && !/^0+$/.test(spanId);
  return isValid && !(version === '00' && more !== undefined)
    ? { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
    : undefined;
}
