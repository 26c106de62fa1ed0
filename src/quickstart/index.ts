export { QUICKSTART_ERRORS } from './errors.js';
export {
  type QuickstartOptions,
  type QuickstartReport,
  type QuickstartStep,
  quickstart,
  SAMPLE_DAY,
} from './quickstart.js';
export { type SampleFileOptions, writeSampleDay } from './sample-day.js';
export type { ServiceRoundTrip } from './serve-one-request.js';
