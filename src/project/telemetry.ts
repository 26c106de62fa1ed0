/** Telemetry of a project's calls: where it is sent, and the file for a node exporter. */
import { resolve } from 'node:path';
import { packageVersion } from '../core/index.js';
import {
  type ExportOptions,
  type ExportState,
  exportState,
  prometheusText,
  recordedMetrics,
  startExport,
  stopExport,
} from '../telemetry/index.js';
import type { ProjectContext } from './context.js';
import { updatePrometheusFile } from './prometheus-file.js';

export interface TelemetryCalls {
  /**
   * Starts to send spans and metrics where plinth.yaml or the OTEL_ variables say, unless the application has an
   * OpenTelemetry SDK of its own, which gets them in any case.
   */
  start(): Promise<ExportState>;
  /** Sends what is left, for up to two seconds, and stops sending. */
  stop(): Promise<void>;
  /** Whether spans and metrics are sent, and arrive. */
  state(): ExportState;
  /** The metrics of this process so far, in Prometheus' text format. */
  prometheusText(): string;
}

export function telemetryCalls(context: ProjectContext): TelemetryCalls {
  return {
    start: () => startExport(exportOptions(context)),
    stop: stopExport,
    state: () => exportState(exportOptions(context)),
    prometheusText: () => prometheusText(recordedMetrics()),
  };
}

/** The calls; those named send telemetry where the project was opened to do so, and end with the Prometheus file. */
export function observing<Calls extends object>(
  context: ProjectContext,
  calls: Calls,
  ...names: readonly (keyof Calls)[]
): Calls {
  const observed = names.map((name) => {
    const call = calls[name] as (...received: readonly unknown[]) => Promise<unknown>;
    return [name, (...received: readonly unknown[]) => observe(context, () => call(...received))];
  });
  return { ...calls, ...Object.fromEntries(observed) };
}

async function observe<T>(context: ProjectContext, work: () => Promise<T>): Promise<T> {
  if (context.sendsTelemetry) {
    await startExport(exportOptions(context));
  }
  try {
    return await work();
  } finally {
    const { prometheusFile } = context.config.settings.telemetry;
    if (prometheusFile) {
      updatePrometheusFile(resolve(context.config.root, prometheusFile));
    }
  }
}

/** Where telemetry would go. */
export function exportOptions({ config, environment }: ProjectContext): ExportOptions {
  const { otlpEndpoint, serviceName } = config.settings.telemetry;
  return { endpoint: otlpEndpoint, serviceName, version: packageVersion(), environment };
}
