/**
 * When requests come, and from which tenant: a Poisson process whose rate is itself random. Each of the large
 * tenants has a rate of its own that wanders around its share; so does the long tail as a whole. All follow the
 * day.
 *
 * The spread and the memory of the rates are those measured in Azure's traces over 10 seconds: a steady service
 * (conversation: squared coefficient of variation 0.05, correlation 0.7 from one to the next) and a bursty one
 * (code: 2.8 and 0.5). The curve of the day is an assumption, as the traces hold an hour: a trough at night of a
 * fifth of the afternoon's peak. Shares of tenants fall as rank^-1.5, which puts the largest at 38 to 46 % and
 * the ten largest at 76 to 92 % of the load from 20 tenants on, inside what is published of 14 days of 422
 * clients (16 to 52 % and 63 to 93 %).
 */
import { pickFrom, type Random, zipfWeights } from './random.js';

export interface Arrival {
  /** Milliseconds since the beginning of the day. */
  readonly offsetMs: number;
  readonly tenant: number;
}

const DAY_MS = 86_400_000;
const STEP_MS = 10_000;
const TENANT_EXPONENT = 1.5;
/** Tenants with a rate of their own; the rest share one. */
const LARGE_TENANTS = 63;

/** The load at each full hour, UTC, relative to the day's mean of about 1; between them on a straight line. */
const HOURLY_LOAD = [
  0.45, 0.37, 0.32, 0.3, 0.31, 0.36, 0.48, 0.68, 0.93, 1.18, 1.36, 1.46, 1.43, 1.48, 1.56, 1.58, 1.51, 1.38,
  1.24, 1.12, 1.02, 0.9, 0.75, 0.58,
] as const;

interface Burstiness {
  /** Standard deviation of the logarithm of the rate. */
  readonly sigma: number;
  /** Correlation of that logarithm from one step to the next. */
  readonly memory: number;
}

const STEADY: Burstiness = { sigma: Math.sqrt(Math.log1p(0.052)), memory: 0.69 };
const BURSTY: Burstiness = { sigma: Math.sqrt(Math.log1p(2.76)), memory: 0.47 };

/** The arrivals of a day in order of time, about `events` of them. */
export function* arrivals(events: number, tenants: number, random: Random): Generator<Arrival> {
  const shares = zipfWeights(tenants, TENANT_EXPONENT);
  const groups = tenantGroups(shares);
  const tailEnds = runningSums(shares.slice(groups.length - 1));
  const ends = new Float64Array(groups.length);
  const perMs = events / DAY_MS / (shares.reduce((sum, share) => sum + share, 0) * MEAN_LOAD);
  for (let step = 0; step < DAY_MS; step += STEP_MS) {
    const ratePerMs = perMs * loadAt(step) * wander(groups, ends, random);
    let at = step - Math.log(random.uniform()) / ratePerMs;
    while (at < step + STEP_MS) {
      const group = pickFrom(ends, random.uniform());
      const isTail = group === groups.length - 1;
      const tenant = isTail ? group + pickFrom(tailEnds, random.uniform()) : group;
      yield { offsetMs: Math.floor(at), tenant };
      at -= Math.log(random.uniform()) / ratePerMs;
    }
  }
}

interface TenantGroup {
  readonly share: number;
  readonly burstiness: Burstiness;
  /** Where its logarithm of the rate is now, in standard deviations. */
  level: number;
}

/** The large tenants one by one, every third of them bursty, and all others as the last group. */
function tenantGroups(shares: readonly number[]): TenantGroup[] {
  const large = Math.min(shares.length - 1, LARGE_TENANTS);
  const tail = shares.slice(large).reduce((sum, share) => sum + share, 0);
  return [...shares.slice(0, large), tail].map((share, rank) => ({
    share,
    burstiness: rank % 3 === 2 && rank < large ? BURSTY : STEADY,
    level: 0,
  }));
}

/** Moves every rate on by one step, writes their running sums, and returns the whole. */
function wander(groups: readonly TenantGroup[], ends: Float64Array, random: Random): number {
  let total = 0;
  groups.forEach((group, index) => {
    const { sigma, memory } = group.burstiness;
    group.level = memory * group.level + Math.sqrt(1 - memory * memory) * random.normal();
    total += group.share * Math.exp(sigma * group.level - (sigma * sigma) / 2);
    ends[index] = total;
  });
  return total;
}

function loadAt(offsetMs: number): number {
  const hours = offsetMs / 3_600_000;
  const hour = Math.floor(hours);
  const load = HOURLY_LOAD[hour]!;
  return load + (hours - hour) * (HOURLY_LOAD[(hour + 1) % 24]! - load);
}

const MEAN_LOAD = HOURLY_LOAD.reduce((sum, load) => sum + load, 0) / 24;

function runningSums(weights: readonly number[]): number[] {
  let total = 0;
  return weights.map((weight) => {
    total += weight;
    return total;
  });
}
