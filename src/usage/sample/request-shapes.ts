/**
 * How long requests are, by the kind of service. Fitted, as mixtures of log-normal distributions by expectation
 * maximization on log tokens, to public production traces: Azure's code and conversation services (2023, 8,819
 * and 19,366 requests) and Mooncake's conversations over long contexts (2024, 12,031 requests). The traces show
 * next to no correlation of input and output (at most 0.09 between their logarithms), so the two are drawn
 * apart. A test measures the samples against the traces, quantile by quantile.
 */
import type { Operation } from '../event.js';
import type { Random } from './random.js';

/** A part of a mixture: how often, its median in tokens, and the standard deviation of the logarithm. */
type Component = readonly [weight: number, median: number, sigma: number];

export interface TokenMixture {
  readonly components: readonly Component[];
  /** The shortest and the longest in the trace; what is drawn beyond is set to them. */
  readonly min: number;
  readonly max: number;
}

export interface RequestShape {
  readonly operation: Operation;
  readonly input: TokenMixture;
  readonly output: TokenMixture;
}

export type ShapeName = 'code' | 'conversation' | 'long-context';

export const REQUEST_SHAPES: Readonly<Record<ShapeName, RequestShape>> = {
  code: {
    operation: 'text_completion',
    input: {
      components: [
        [0.303, 237.3, 1.263],
        [0.453, 1500.7, 0.55],
        [0.192, 3472.8, 0.404],
        [0.052, 7410.6, 0.02],
      ],
      min: 3,
      max: 7437,
    },
    output: {
      components: [
        [0.079, 6, 0.02],
        [0.213, 8.5, 0.153],
        [0.424, 14, 0.33],
        [0.284, 43.7, 0.861],
      ],
      min: 6,
      max: 1899,
    },
  },
  conversation: {
    operation: 'chat',
    input: {
      components: [
        [0.041, 89.7, 1.353],
        [0.368, 333.9, 0.349],
        [0.412, 1091.7, 0.102],
        [0.179, 2926.2, 0.394],
      ],
      min: 2,
      max: 14_050,
    },
    output: {
      components: [
        [0.02, 15.3, 0.185],
        [0.648, 95.7, 0.468],
        [0.272, 404.5, 0.046],
        [0.06, 513.5, 0.193],
      ],
      min: 7,
      max: 1000,
    },
  },
  'long-context': {
    operation: 'chat',
    input: {
      components: [
        [0.093, 906.2, 0.02],
        [0.109, 1331.1, 0.231],
        [0.798, 9622.1, 0.92],
      ],
      min: 891,
      max: 126_195,
    },
    output: {
      components: [
        [0.248, 33.2, 1.51],
        [0.312, 320.1, 0.625],
        [0.44, 430.9, 0.258],
      ],
      min: 1,
      max: 2000,
    },
  },
};

/** A number of tokens from a mixture. */
export function drawTokens({ components, min, max }: TokenMixture, random: Random): number {
  let u = random.uniform();
  const last = components.length - 1;
  const component = components.findIndex(([weight], index) => {
    u -= weight;
    return u < 0 || index === last;
  });
  const [, median, sigma] = components[component]!;
  return Math.min(max, Math.max(min, Math.round(median * Math.exp(sigma * random.normal()))));
}

/** Prompts shorter than this are not cached: the least that providers ask for. */
const SHORTEST_CACHED = 1024;
const BLOCK_TOKENS = 512;
/** In Mooncake's trace, of the requests this share continues a conversation whose prefix is cached. */
const CONTINUED_SHARE = 0.387;
/** Quantiles, there, of the cached share of the prompt of such a request. */
const CACHED_QUANTILES: readonly (readonly [probability: number, share: number])[] = [
  [0, 0.05],
  [0.1, 0.288],
  [0.25, 0.587],
  [0.5, 0.847],
  [0.75, 0.951],
  [0.9, 0.981],
  [1, 1],
];

/** How many of a prompt's tokens come from the cache: whole blocks of it, at least the first of a long one. */
export function drawCachedTokens(inputTokens: number, random: Random): number {
  const isContinued = random.uniform() < CONTINUED_SHARE;
  const share = interpolate(CACHED_QUANTILES, random.uniform());
  if (inputTokens < SHORTEST_CACHED) {
    return 0;
  }
  const blocks = isContinued ? Math.floor((inputTokens * share) / BLOCK_TOKENS) : 1;
  return Math.min(inputTokens, Math.max(1, blocks) * BLOCK_TOKENS);
}

function interpolate(points: readonly (readonly [number, number])[], at: number): number {
  const next = points.findIndex(([x]) => x >= at);
  const [x1, y1] = points[Math.max(0, next - 1)]!;
  const [x2, y2] = points[Math.max(0, next)]!;
  return x1 === x2 ? y2 : y1 + ((at - x1) / (x2 - x1)) * (y2 - y1);
}
