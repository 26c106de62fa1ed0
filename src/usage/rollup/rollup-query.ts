import { cappedQuery } from './cap.js';
import { type CompileOptions, eventsQuery, mergeQuery } from './compile.js';
import { isFromEvents, type Rollup } from './rollup.js';

/** The rollup's rows from its source: events, folded where it has caps, or the rows of the rollup that it sums. */
export function rollupQuery(rollup: Rollup, options: CompileOptions): string {
  if (!isFromEvents(rollup)) {
    return mergeQuery(rollup, options);
  }
  return rollup.caps.length > 0 ? cappedQuery(rollup, options) : eventsQuery(rollup, options);
}
