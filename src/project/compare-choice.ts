/** What comparisons of schemas have in common. */
import type { Ignorable, WhatCounts } from '../compare/index.js';
import type { ProjectContext } from './context.js';
import type { TargetChoice } from './migrations.js';

/** What counts, and where to look. */
export interface ComparisonChoice extends TargetChoice {
  /** What does not count: `column-order`, `owners`, `privileges`, `extensions`, `comments`. */
  readonly ignore?: readonly Ignorable[];
  /** Partitions that add nothing to their table count too. */
  readonly partitions?: boolean;
  /** Only these schemas. */
  readonly schemas?: readonly string[];
}

export function whatCounts({ ignore, partitions }: WhatCounts): WhatCounts {
  return { ...(ignore ? { ignore } : {}), ...(partitions ? { partitions } : {}) };
}

export function talk({ onProgress, signal }: ProjectContext) {
  return { onProgress, ...(signal ? { signal } : {}) };
}
