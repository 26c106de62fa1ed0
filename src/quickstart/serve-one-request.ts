/** What a service does for one request: writes the usage event, and reads it back. */
import type { Session } from '../database/index.js';
import type { ApiKeyPrincipal } from '../seed/index.js';
import {
  DEFAULT_CURRENCY,
  ensureUsagePartitions,
  type PriceList,
  priceFinder,
  readUsageEvent,
  recordUsageEvent,
  type TimeRange,
} from '../usage/index.js';

export interface ServiceRoundTrip {
  readonly principal: ApiKeyPrincipal;
  readonly model: { readonly provider: string; readonly name: string };
  readonly eventId: string;
  /** The millisecond of the event. */
  readonly range: TimeRange;
  /** True when what was read is what was written. */
  readonly isSame: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Billionths of a US dollar. */
  readonly costNanos: bigint;
}

const TOKENS = {
  inputUncached: 1_200,
  inputCacheRead: 0,
  inputCacheWrite: 0,
  outputText: 250,
  outputReasoning: 0,
};

export async function serveOneRequest(
  session: Session,
  principal: ApiKeyPrincipal,
  model: { readonly provider: string; readonly name: string },
  prices: PriceList,
): Promise<ServiceRoundTrip> {
  const eventTime = new Date();
  const range = { from: eventTime, to: new Date(eventTime.getTime() + 1) };
  await ensureUsagePartitions(session, range);
  const recorded = await recordUsageEvent(
    session,
    {
      organizationId: principal.organizationId,
      apiKeyId: principal.apiKeyId,
      eventTime,
      provider: model.provider,
      model: model.name,
      operation: 'chat',
      currency: DEFAULT_CURRENCY,
      status: 200,
      tokens: TOKENS,
      ttftUs: 310_000,
      latencyUs: 4_200_000,
    },
    { source: 'quickstart', findPrices: priceFinder(prices) },
  );
  const read = await readUsageEvent(session, {
    organizationId: principal.organizationId,
    eventId: recorded.eventId,
  });
  const isSame =
    read !== undefined &&
    read.eventTime.getTime() === eventTime.getTime() &&
    JSON.stringify(read.tokens) === JSON.stringify(TOKENS);
  return {
    principal,
    model: { provider: model.provider, name: model.name },
    eventId: recorded.eventId,
    range,
    isSame,
    inputTokens: TOKENS.inputUncached,
    outputTokens: TOKENS.outputText,
    costNanos: recorded.cost?.nanos ?? 0n,
  };
}
