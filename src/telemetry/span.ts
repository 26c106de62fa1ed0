import type { Context, Span } from '@opentelemetry/api';
import type { Attributes } from './attributes.js';
import { errorCodeOf } from './error-code.js';
import { openTelemetry } from './open-telemetry.js';
import { PACKAGE } from './package-name.js';
import { remoteParent } from './remote-parent.js';
import type { SpanName } from './spans.js';

type Api = typeof import('@opentelemetry/api');

/** A span that is under way. */
export interface RunningSpan {
  /** False when nobody listens, or this trace was not chosen: then attributes need not be computed. */
  readonly isRecording: boolean;
  setAttributes(attributes: Attributes): void;
  /** Adds a span below this one for work that was measured as it went and is over. */
  addChild(child: MeasuredSpan): void;
}

/** Work that is over. Times are milliseconds of `performance.now()`. */
export interface MeasuredSpan {
  readonly name: string;
  readonly startedMs: number;
  readonly endedMs: number;
  /** With `error.type` where it failed. */
  readonly attributes: Attributes;
}

/** Stands for a span where none is made. */
export const NO_SPAN: RunningSpan = { isRecording: false, setAttributes: () => {}, addChild: () => {} };

/**
 * Runs `work` inside a span that ends when it does. A failure is recorded by its code only: messages may
 * hold names of the user's objects, and a span leaves the machine. Costs nothing where no SDK is registered.
 */
export async function inSpan<T>(
  name: SpanName,
  attributes: Attributes,
  work: (span: RunningSpan) => Promise<T>,
): Promise<T> {
  const api = await openTelemetry();
  return api ? recorded(api, name, attributes, work) : work(NO_SPAN);
}

async function recorded<T>(
  api: Api,
  name: SpanName,
  attributes: Attributes,
  work: (span: RunningSpan) => Promise<T>,
): Promise<T> {
  const tracer = api.trace.getTracer(PACKAGE);
  return tracer.startActiveSpan(name, { attributes: present(attributes) }, parentOf(api), async (span) => {
    try {
      return await work(runningSpan(api, span));
    } catch (error) {
      span.setAttribute('error.type', errorCodeOf(error));
      span.setStatus({ code: api.SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The span that is active here, or else what TRACEPARENT names. */
function parentOf(api: Api): Context {
  const active = api.context.active();
  const remote = api.trace.getSpan(active) ? undefined : remoteParent();
  return remote ? api.trace.setSpanContext(active, remote) : active;
}

function runningSpan(api: Api, span: Span): RunningSpan {
  return {
    get isRecording() {
      return span.isRecording();
    },
    setAttributes: (attributes) => void span.setAttributes(present(attributes)),
    addChild: (child) => {
      if (span.isRecording()) {
        addMeasured(api, span, child);
      }
    },
  };
}

function addMeasured(api: Api, parent: Span, child: MeasuredSpan): void {
  // What SDKs make of a number depends on its size; wall-clock milliseconds are understood by all.
  const clockMs = Date.now() - performance.now();
  const span = api.trace.getTracer(PACKAGE).startSpan(
    child.name,
    {
      kind: api.SpanKind.CLIENT,
      attributes: present(child.attributes),
      startTime: clockMs + child.startedMs,
    },
    api.trace.setSpan(api.context.active(), parent),
  );
  if (child.attributes['error.type'] !== undefined) {
    span.setStatus({ code: api.SpanStatusCode.ERROR });
  }
  span.end(clockMs + child.endedMs);
}

/** The attributes that have a value, as the API wants them. */
export function present(attributes: Attributes): Record<string, string | number | boolean | string[]> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined)) as never;
}
