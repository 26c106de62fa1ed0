/**
 * A day of usage that looks like production, the same bytes for the same options: Plinth's own event CSV. Made
 * for the quickstart, for tests and for measuring; nothing in it comes from a person.
 */
import { USAGE_ERRORS } from '../errors.js';
import type { TokenCounts } from '../event.js';
import { eventIdOf } from '../event-id.js';
import type { EventFieldName } from '../import/event-fields.js';
import { type Arrival, arrivals } from './arrivals.js';
import { drawIncidents, drawOutcome, drawSpeed, isIncident, type Outcome } from './outcomes.js';
import { pickFrom, type Random, randomStream, weightedPick, zipfWeights } from './random.js';
import { drawCachedTokens, drawTokens, REQUEST_SHAPES, type ShapeName } from './request-shapes.js';

export interface SampleKey {
  readonly apiKeyId: string;
  /** The person whose key it is. */
  readonly userId?: string;
}

export interface SampleTenant {
  readonly organizationId: string;
  /** The first ones are used most. Without any, events name no key. */
  readonly keys: readonly SampleKey[];
}

export interface SampleModel {
  readonly provider: string;
  readonly name: string;
  /** What kind of requests it gets. */
  readonly shape: ShapeName;
  /** How much of the load it has among the models; 1 unless given. Each tenant's mix wanders around it. */
  readonly weight?: number;
  /** The share of its output that is reasoning; 0 unless given. */
  readonly reasoningShare?: number;
  /** Its provider counts what goes into the cache. */
  readonly writesCache?: boolean;
}

export interface SampleOptions {
  /** Any time of the day (UTC) to make. */
  readonly day: Date;
  /** The largest first. */
  readonly tenants: readonly SampleTenant[];
  readonly models: readonly SampleModel[];
  /** About how many events; 50,000 unless given. */
  readonly events?: number;
  /** Another seed, another day; `plinth` unless given. */
  readonly seed?: string;
}

const DEFAULT_EVENTS = 50_000;
const DEFAULT_SEED = 'plinth';
const DAY_MS = 86_400_000;

const COLUMNS = [
  'event_id',
  'event_time',
  'organization_id',
  'api_key_id',
  'user_id',
  'provider',
  'model',
  'operation',
  'region',
  'status',
  'error_type',
  'input_uncached_tokens',
  'input_cache_read_tokens',
  'input_cache_write_tokens',
  'output_text_tokens',
  'output_reasoning_tokens',
  'ttft_us',
  'latency_us',
] as const satisfies readonly EventFieldName[];

/** About as much as one write should be. */
const CHUNK_CHARACTERS = 64 * 1024;

/**
 * The text of the day in pieces of whole lines, the header first: in order of time, in constant memory.
 * @throws USAGE_OPTION_INVALID without a tenant or a model, or for a day that is no time
 * @example
 * await importUsage(session, { input: { stream: generateUsageDay({ day, tenants, models }), name: 'sample' } });
 */
export async function* generateUsageDay(options: SampleOptions): AsyncGenerator<string> {
  const { events = DEFAULT_EVENTS, seed = DEFAULT_SEED, tenants } = checked(options);
  const dayMs = Math.floor(options.day.getTime() / DAY_MS) * DAY_MS;
  const drawEvent = eventDrawer(options, seed, dayMs);
  let chunk = `${COLUMNS.join(',')}\n`;
  for (const arrival of arrivals(events, tenants.length, randomStream(seed, 'arrivals'))) {
    chunk += drawEvent(arrival);
    if (chunk.length > CHUNK_CHARACTERS) {
      yield chunk;
      chunk = '';
    }
  }
  yield chunk;
}

function checked(options: SampleOptions): SampleOptions {
  const { day, tenants, models, events = DEFAULT_EVENTS } = options;
  const wanted =
    (tenants.length === 0 && 'at least one tenant') ||
    (models.length === 0 && 'at least one model') ||
    (Number.isNaN(day.getTime()) && 'a day') ||
    (!(events >= 1) && 'at least one event');
  if (wanted) {
    throw USAGE_ERRORS.OPTION_INVALID({
      message: `Cannot generate usage: an option is missing or has another form (${wanted} was wanted)`,
    });
  }
  return options;
}

const REGIONS = ['us-east-1', 'eu-west-1', 'ap-southeast-1'] as const;
const KEY_EXPONENT = 1.2;

/** Makes the line of an arrival. Every choice has its own stream of random numbers. */
function eventDrawer(options: SampleOptions, seed: string, dayMs: number): (arrival: Arrival) => string {
  const { models } = options;
  const stream = (name: string): Random => randomStream(seed, name);
  const habits = options.tenants.map((tenant) => tenantHabits(tenant, models, seed));
  const speeds = models.map((model) => drawSpeed(stream(`speed ${model.provider} ${model.name}`)));
  const incidents = drawIncidents(models.length, stream('incidents'));
  const [choice, lengths, endings, ids] = ['choice', 'lengths', 'endings', 'ids'].map(stream) as [
    Random,
    Random,
    Random,
    Random,
  ];
  return ({ offsetMs, tenant }) => {
    const habit = habits[tenant]!;
    const modelIndex = habit.pickModel(choice.uniform());
    const model = models[modelIndex]!;
    const key = habit.keys[pickFrom(habit.keyEnds, choice.uniform())];
    const tokens = drawRequest(model, lengths);
    const isBad = isIncident(incidents, offsetMs, modelIndex);
    const outcome = drawOutcome(tokens, speeds[modelIndex]!, isBad, endings);
    const timeMs = dayMs + offsetMs;
    return (
      `${eventIdOf(timeMs, randomBits(ids))},${new Date(timeMs).toISOString()},${habit.organizationId},` +
      `${key?.apiKeyId ?? ''},${key?.userId ?? ''},${csvField(model.provider)},${csvField(model.name)},` +
      `${REQUEST_SHAPES[model.shape].operation},${habit.region},${outcomeFields(outcome)}\n`
    );
  };
}

interface TenantHabits {
  readonly organizationId: string;
  readonly region: string;
  readonly keys: readonly SampleKey[];
  readonly keyEnds: readonly number[];
  readonly pickModel: (u: number) => number;
}

/** A tenant's models are the weights of all, each made larger or smaller by up to several times. */
function tenantHabits(tenant: SampleTenant, models: readonly SampleModel[], seed: string): TenantHabits {
  const random = randomStream(seed, `tenant ${tenant.organizationId}`);
  let total = 0;
  const weights = zipfWeights(Math.max(1, tenant.keys.length), KEY_EXPONENT);
  return {
    organizationId: tenant.organizationId,
    region: REGIONS[random.uint32() % REGIONS.length]!,
    keys: tenant.keys,
    keyEnds: weights.map((weight) => {
      total += weight;
      return total;
    }),
    pickModel: weightedPick(models.map((model) => (model.weight ?? 1) * Math.exp(random.normal()))),
  };
}

function drawRequest(model: SampleModel, random: Random): TokenCounts {
  const shape = REQUEST_SHAPES[model.shape];
  const input = drawTokens(shape.input, random);
  const output = drawTokens(shape.output, random);
  const inputCacheRead = drawCachedTokens(input, random);
  const fresh = input - inputCacheRead;
  const inputCacheWrite = model.writesCache && inputCacheRead > 0 ? fresh - (fresh % 512) : 0;
  const outputReasoning = Math.floor(output * (model.reasoningShare ?? 0));
  return {
    inputUncached: fresh - inputCacheWrite,
    inputCacheRead,
    inputCacheWrite,
    outputText: output - outputReasoning,
    outputReasoning,
  };
}

function outcomeFields({ status, errorType, tokens, ttftUs, latencyUs }: Outcome): string {
  const counts = tokens
    ? `${tokens.inputUncached},${tokens.inputCacheRead},${tokens.inputCacheWrite},${tokens.outputText},${tokens.outputReasoning}`
    : ',,,,';
  return `${status},${errorType ?? ''},${counts},${ttftUs ?? ''},${latencyUs}`;
}

function randomBits(random: Random): string {
  return [0, 1, 2].map(() => random.uint32().toString(16).padStart(8, '0')).join('');
}

function csvField(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
