/** Events of one hour as lines of COPY: heavy-tailed organizations, ids of version 7, as a gateway sends them. */
import { eventIdOf } from '../../src/usage/event-id.js';

export const COLUMNS = [
  'organization_id',
  'event_time',
  'event_id',
  'input_uncached_tokens',
  'input_cache_read_tokens',
  'output_text_tokens',
  'ttft_us',
  'latency_us',
  'cost_nanos',
  'model_id',
  'status',
  'usage_known',
  'api_key_id',
  'user_id',
  'operation',
  'cost_source',
  'source',
  'region',
] as const;

const START_MS = Date.UTC(2026, 2, 1, 12);
const HOUR_MS = 3_600_000;

/** The lines in pieces of a thousand; the same `seed` gives the same. */
export function eventLines(events: number, seed = 1): string[] {
  const draw = generator(seed);
  const hex = (digits: number): string =>
    Math.floor(draw() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  const pieces: string[] = [];
  for (let start = 0; start < events; start += 1000) {
    let piece = '';
    for (let at = start; at < Math.min(events, start + 1000); at += 1) {
      const timeMs = START_MS + Math.floor((at / events) * HOUR_MS);
      const organization = Math.floor(draw() ** 4 * 1e7)
        .toString(16)
        .padStart(12, '0');
      const latency = 200_000 + Math.floor(draw() * 8e6);
      const fields = [
        `0190a000-0000-7000-8000-${organization}`,
        new Date(timeMs).toISOString(),
        eventIdOf(timeMs, hex(8) + hex(8) + hex(4)),
        Math.floor(draw() * 4000),
        Math.floor(draw() * 400),
        Math.floor(draw() * 600),
        Math.floor(latency / 4),
        latency,
        Math.floor(draw() * 1e7),
        1 + Math.floor(draw() * 5),
        draw() < 0.015 ? 500 : 200,
        't',
        `0190a002-0000-7000-8000-${organization}`,
        draw() < 0.5 ? '\\N' : `0190a003-0000-7000-8000-${organization}`,
        'chat',
        'provider',
        'gateway',
        'eu-west-1',
      ];
      piece += `${fields.join('\t')}\n`;
    }
    pieces.push(piece);
  }
  return pieces;
}

/** Numbers from 0 to 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
