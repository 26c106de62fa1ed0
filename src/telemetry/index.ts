export { ATTRIBUTES, type AttributeName, type Attributes } from './attributes.js';
export { errorCodeOf } from './error-code.js';
export type { ExportOptions } from './export/otlp-settings.js';
export {
  LOG_EVENTS,
  LOG_FIELDS,
  type LogEventName,
  type LogFields,
  type LogLevel,
  type LogRecord,
  log,
  onLog,
} from './log.js';
export { METRICS, type Metric, type MetricName, metricOf } from './metrics.js';
export { combined, prometheusName, prometheusText, since } from './prometheus.js';
export {
  count,
  forgetMetrics,
  observe,
  type RecordedMetrics,
  recordedMetrics,
  setGauge,
} from './recorded-metrics.js';
export { asRehearsal } from './rehearsal.js';
export { inSpan, type MeasuredSpan, NO_SPAN, type RunningSpan } from './span.js';
export { SPANS, type SpanName } from './spans.js';
export { type ExportState, exportState, startExport, stopExport } from './telemetry-export.js';
