/** How requests end: most are answered, 1 to 2 % fail, and both take their time. */
import type { TokenCounts } from '../event.js';
import type { Random } from './random.js';

export interface Outcome {
  readonly status: number;
  readonly errorType?: string;
  /** `undefined` when the answer broke off and nobody knows what it used. */
  readonly tokens: TokenCounts | undefined;
  readonly ttftUs?: number;
  readonly latencyUs: number;
}

const DAY_MS = 86_400_000;

/** How often a request fails by itself, and during an incident of its model. */
const FAILURE_SHARE = 0.0125;
const INCIDENT_FAILURE_SHARE = 0.25;
const INCIDENT_MS = 8 * 60_000;

const NOTHING_USED: TokenCounts = {
  inputUncached: 0,
  inputCacheRead: 0,
  inputCacheWrite: 0,
  outputText: 0,
  outputReasoning: 0,
};

/** Eight minutes of the day in which a model answers badly. */
export interface Incident {
  readonly startMs: number;
  readonly model: number;
}

/** Two a day. */
export function drawIncidents(models: number, random: Random): Incident[] {
  return [0, 1].map(() => ({
    startMs: Math.floor(random.uniform() * (DAY_MS - INCIDENT_MS)),
    model: Math.floor(random.uniform() * models),
  }));
}

export function isIncident(incidents: readonly Incident[], offsetMs: number, model: number): boolean {
  return incidents.some(
    ({ startMs, model: affected }) =>
      affected === model && offsetMs >= startMs && offsetMs < startMs + INCIDENT_MS,
  );
}

/** How fast a model is. */
export interface ModelSpeed {
  readonly queueUs: number;
  /** For each token that is not in the cache. */
  readonly inputTokenUs: number;
  readonly outputTokenUs: number;
}

/** A server's figures of the present (0.2 s, 60 µs, 14 ms), faster or slower as a whole by model. */
export function drawSpeed(random: Random): ModelSpeed {
  const slowness = Math.exp(0.4 * random.normal());
  return { queueUs: 180_000 * slowness, inputTokenUs: 60 * slowness, outputTokenUs: 14_000 * slowness };
}

export function drawOutcome(tokens: TokenCounts, speed: ModelSpeed, isBad: boolean, random: Random): Outcome {
  const fails = random.uniform() < (isBad ? INCIDENT_FAILURE_SHARE : FAILURE_SHARE);
  return fails ? failure(random) : success(tokens, speed, random);
}

/** Time to the first token, then a time for each further one, both with noise. */
function success(tokens: TokenCounts, speed: ModelSpeed, random: Random): Outcome {
  const fresh = tokens.inputUncached + tokens.inputCacheWrite;
  const output = tokens.outputText + tokens.outputReasoning;
  const ttft = (speed.queueUs + speed.inputTokenUs * fresh) * Math.exp(0.35 * random.normal());
  const rest = speed.outputTokenUs * Math.max(0, output - 1) * Math.exp(0.2 * random.normal());
  return { status: 200, tokens, ttftUs: Math.round(ttft), latencyUs: Math.round(ttft) + Math.round(rest) };
}

function failure(random: Random): Outcome {
  const kind = random.uniform();
  const noise = Math.exp(0.5 * random.normal());
  if (kind < 0.5) {
    return failed(429, 'rate_limit_exceeded', 4_000 * noise);
  }
  if (kind < 0.7) {
    return failed(500, 'internal_error', 350_000 * noise);
  }
  if (kind < 0.85) {
    return failed(503, 'overloaded', 60_000 * noise);
  }
  return { ...failed(504, 'timeout', 60_000_000 + 200_000 * noise), tokens: undefined };
}

function failed(status: number, errorType: string, latencyUs: number): Outcome {
  return { status, errorType, tokens: NOTHING_USED, latencyUs: Math.round(latencyUs) };
}
