/** The instrumentation scope of spans and metrics. */
export const PACKAGE = 'plinth';
