/**
 * Sending spans and metrics to a collector, started and stopped once a process. It never fails or slows the
 * work that it observes: what cannot be sent is dropped, told once, and the end of the process waits for it no
 * longer than a bound.
 */

import { type ExportOptions, otlpSettings } from './export/otlp-settings.js';
import type { Sdk } from './export/sdk.js';
import { log } from './log.js';
import { isRegistered, loadOpenTelemetry } from './open-telemetry.js';
import { continueTrace } from './remote-parent.js';

/** How long the end of the process waits for what is left to be sent. */
const FLUSH_MS = 2_000;

/** Whether spans and metrics leave the process, and whether they arrive. */
export type ExportState =
  /** No collector is configured, or the standard variables switch it off. */
  | { readonly kind: 'off' }
  /** The application has an OpenTelemetry SDK of its own, which gets them. */
  | { readonly kind: 'application' }
  /** They are sent. */
  | {
      readonly kind: 'sending';
      /** The collector: host and port. */
      readonly collector: string;
      readonly requestsDelivered: number;
      readonly requestsFailed: number;
      /** The newest request that was answered or given up failed. */
      readonly lastFailed: boolean;
    }
  /** They will be sent once a call starts that is observed. */
  | { readonly kind: 'configured'; readonly collector: string }
  /** The configuration cannot be used. */
  | { readonly kind: 'misconfigured'; readonly reason: string };

interface Running {
  readonly sdk: Sdk;
  readonly collector: string;
  readonly giveUp: AbortController;
}

let running: Running | undefined;
let starting: Promise<ExportState> | undefined;
let requestsDelivered = 0;
let requestsFailed = 0;
let lastFailed = false;

/** Starts to send, where a collector is configured and the process has no SDK of its own. Later calls change nothing. */
export async function startExport(options: ExportOptions): Promise<ExportState> {
  starting ??= start(options);
  return starting;
}

async function start(options: ExportOptions): Promise<ExportState> {
  if (isRegistered()) {
    await loadOpenTelemetry();
    return exportState(options);
  }
  const settings = otlpSettings(options);
  if (typeof settings === 'string') {
    warn(settings);
  } else if (settings?.traces || settings?.metrics) {
    const { startSdk } = await import('./export/sdk.js');
    const giveUp = new AbortController();
    const sdk = startSdk(settings, {
      signal: giveUp.signal,
      delivered: () => {
        requestsDelivered += 1;
        lastFailed = false;
      },
      failed: (error) => {
        requestsFailed += 1;
        lastFailed = true;
        if (requestsFailed === 1) {
          warn(error.message);
        }
      },
    });
    running = { sdk, giveUp, collector: (settings.traces ?? settings.metrics)!.url.host };
    await loadOpenTelemetry();
    continueTrace(options.environment.TRACEPARENT);
  }
  return exportState(options);
}

/** How it stands with sending. Loads and starts nothing. */
export function exportState(options: ExportOptions): ExportState {
  if (running) {
    const { collector } = running;
    return { kind: 'sending', collector, requestsDelivered, requestsFailed, lastFailed };
  }
  if (isRegistered()) {
    return { kind: 'application' };
  }
  const settings = otlpSettings(options);
  if (typeof settings === 'string') {
    return { kind: 'misconfigured', reason: settings };
  }
  const collector = (settings?.traces ?? settings?.metrics)?.url.host;
  return collector === undefined ? { kind: 'off' } : { kind: 'configured', collector };
}

/** Sends what is left, for up to two seconds, and stops. Nothing happens where nothing was started. */
export async function stopExport(): Promise<void> {
  await starting;
  const ending = running;
  running = undefined;
  starting = undefined;
  if (ending) {
    const late = setTimeout(() => ending.giveUp.abort(), FLUSH_MS);
    await ending.sdk.shutdown();
    clearTimeout(late);
    continueTrace(undefined);
  }
  requestsDelivered = 0;
  requestsFailed = 0;
}

function warn(reason: string): void {
  log('warn', 'telemetry.not_sent', { message: `Spans and metrics are not sent: ${reason}` });
}
