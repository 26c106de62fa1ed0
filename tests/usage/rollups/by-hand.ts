/** Rollups of events in plain JavaScript: what both engines must come to. */
import { createHash } from 'node:crypto';
import type { Measure, Rollup } from '../../../src/usage/index.js';

/** An event as its row in the table: numbers as bigint, what is not known as null. */
export type EventRow = Readonly<Record<string, string | number | bigint | boolean | Date | null>> & {
  readonly event_time: Date;
};

/** A row of a rollup: its columns by name. */
export type RollupRow = Readonly<Record<string, unknown>>;

export function rowsByHand(rollup: Rollup, events: readonly EventRow[]): RollupRow[] {
  const groups = new Map<string, { readonly key: RollupRow; readonly events: EventRow[] }>();
  for (const event of folded(rollup, events)) {
    const key = {
      bucket_start: bucketOf(rollup.grain, event.event_time).toISOString(),
      ...Object.fromEntries(rollup.dimensions.map(({ name }) => [name, event[name] ?? null])),
    };
    const text = JSON.stringify(key);
    const group = groups.get(text) ?? { key, events: [] as EventRow[] };
    group.events.push(event);
    groups.set(text, group);
  }
  return sorted([...groups.values()].map((group) => ({ ...group.key, ...measured(rollup, group.events) })));
}

/** The events with the values beyond a cap in place of their own. */
function folded(rollup: Rollup, events: readonly EventRow[]): readonly EventRow[] {
  const others = rollup.caps.map(({ column, at }) => {
    const kept = new Set<string>();
    const placeOf = (event: EventRow): string =>
      `${bucketOf(rollup.grain, event.event_time).toISOString()}/${event.organization_id}`;
    for (const place of new Set(events.map(placeOf))) {
      const counts = new Map<string | number, number>();
      for (const event of events.filter((one) => placeOf(one) === place && one[column.name] !== null)) {
        const value = event[column.name] as string | number;
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      const ranked = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
      ranked.slice(0, at).forEach(([value]) => {
        kept.add(`${place}/${value}`);
      });
    }
    const other = column.type === 'uuid' ? 'ffffffff-ffff-ffff-ffff-ffffffffffff' : -1;
    return {
      name: column.name,
      isOther: (event: EventRow) => !kept.has(`${placeOf(event)}/${event[column.name]}`),
      other,
    };
  });
  return events.map((event) => ({
    ...event,
    ...Object.fromEntries(
      others.flatMap(({ name, isOther, other }) =>
        event[name] !== null && isOther(event) ? [[name, other]] : [],
      ),
    ),
  }));
}

export function sorted(rows: readonly RollupRow[]): RollupRow[] {
  const text = (row: RollupRow): string =>
    JSON.stringify(row, (_key, value) => (typeof value === 'bigint' ? `${value}n` : value));
  return [...rows].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

function bucketOf(grain: Rollup['grain'], time: Date): Date {
  const iso = time.toISOString();
  const cut = { minute: 16, 'quarter-hour': 16, hour: 13, day: 10, month: 7 }[grain];
  const start = new Date(`${iso.slice(0, cut)}${'0000-01-01T00:00:00.000Z'.slice(cut)}`);
  return grain === 'quarter-hour' ? new Date(Math.floor(time.getTime() / 900_000) * 900_000) : start;
}

function measured(rollup: Rollup, events: readonly EventRow[]): RollupRow {
  return Object.assign({}, ...rollup.measures.map((measure) => columnsOf(measure, events)));
}

/** What the foundation's conditions say, written anew. */
const HOLDS: Readonly<Record<string, (event: EventRow) => boolean>> = {
  errors: (event) => Number(event.status) >= 400 || event.error_type !== null,
  usage_unknown: (event) => !event.usage_known,
  cost_unknown: (event) => event.cost_nanos === null,
};

function columnsOf(measure: Measure, events: readonly EventRow[]): RollupRow {
  const { name } = measure;
  switch (measure.kind) {
    case 'count':
      return { [name]: BigInt(measure.where ? events.filter(HOLDS[name]!).length : events.length) };
    case 'sum':
    case 'cost':
      return {
        [name]: events.reduce(
          (sum, event) => sum + BigInt((event[measure.column] as bigint | null) ?? 0n),
          0n,
        ),
      };
    case 'percentiles': {
      const counts = new Map<number, bigint>();
      for (const event of events) {
        const us = event[measure.column];
        if (us !== null && us !== undefined) {
          const value = Number(us);
          const bucket =
            value <= 1 ? 0 : value >= 86_400_000_000 ? 1260 : Math.ceil(Math.log(value) / Math.log(1.0202));
          counts.set(bucket, (counts.get(bucket) ?? 0n) + 1n);
        }
      }
      const pairs = [...counts].sort(([a], [b]) => a - b);
      return {
        [`${name}_buckets`]: pairs.map(([bucket]) => bucket),
        [`${name}_counts`]: pairs.map(([, count]) => count),
      };
    }
    case 'distinct': {
      const values = new Set(events.map((event) => event[measure.column]).filter((value) => value != null));
      if (!measure.estimated) {
        return { [name]: BigInt(values.size) };
      }
      const ranks = new Map<number, number>();
      for (const value of values) {
        const bits = createHash('sha256').update(String(value)).digest('hex').slice(0, 12);
        const binary = BigInt(`0x${bits}`).toString(2).padStart(48, '0');
        const register = Number.parseInt(binary.slice(0, 11), 2);
        const first = binary.slice(11).indexOf('1');
        ranks.set(register, Math.max(ranks.get(register) ?? 0, first === -1 ? 38 : first + 1));
      }
      const pairs = [...ranks].sort(([a], [b]) => a - b);
      return {
        [`${name}_registers`]: pairs.map(([register]) => register),
        [`${name}_ranks`]: pairs.map(([, rank]) => rank),
      };
    }
    case 'rate':
      return {};
  }
}
