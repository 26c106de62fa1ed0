/** What counts when schemas are compared, as people choose it. */
import type { ComparisonOptions } from '../catalog/index.js';
import type { SchemaModel } from '../schema/index.js';
import { withoutPassingPartitions } from './passing-partitions.js';

/** What can be left out of a comparison. */
export type Ignorable = 'column-order' | 'owners' | 'privileges' | 'extensions' | 'comments';

export interface WhatCounts {
  readonly ignore?: readonly Ignorable[];
  /** Partitions that add nothing to their table count too. Default false. */
  readonly partitions?: boolean;
}

/** The options of the catalogue's diff. */
export function comparisonOptions({ ignore = [] }: WhatCounts): ComparisonOptions {
  return {
    ignoreColumnOrder: ignore.includes('column-order'),
    ignoreOwners: ignore.includes('owners'),
    ignorePrivileges: ignore.includes('privileges'),
  };
}

/** The model without what does not count and the catalogue's diff knows nothing of. */
export function counted(model: SchemaModel, { ignore = [], partitions = false }: WhatCounts): SchemaModel {
  const kept = partitions ? model : withoutPassingPartitions(model);
  const plain = ignore.includes('comments') ? withoutComments(kept) : kept;
  return ignore.includes('extensions') ? { ...plain, extensions: [] } : plain;
}

function withoutComments<T>(value: T): T {
  if (Array.isArray(value)) {
    return value.map(withoutComments) as T;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => (key === 'comment' ? [] : [[key, withoutComments(part)]])),
  ) as T;
}
