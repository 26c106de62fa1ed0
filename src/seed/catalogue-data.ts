/**
 * The sample catalogue: eight models of four providers that do not exist, with versions and with prices that have
 * changed over time. Shaped like real ones, cache, reasoning and per-request prices included.
 */

/** What a price can be for; see the column `platform.model_prices.kind`. */
export type PriceKind =
  | 'input_uncached'
  | 'input_cache_read'
  | 'input_cache_write'
  | 'output_text'
  | 'output_reasoning'
  | 'request';

/** Prices from a day on, until the next entry or the version's retirement. US cents per million tokens. */
export interface PriceChange {
  /** `YYYY-MM-DD`, in UTC. */
  readonly from: string;
  readonly cents: Readonly<Partial<Record<Exclude<PriceKind, 'request'>, number>>>;
  /** US cents per thousand requests, where requests are charged. */
  readonly centsPerThousandRequests?: number;
}

export interface SeededModelVersion {
  readonly version: string;
  readonly releasedOn: string;
  readonly deprecatedOn?: string;
  readonly retiredOn?: string;
  readonly contextWindowTokens: number;
  readonly maxOutputTokens?: number;
  /** In the order of time. */
  readonly prices: readonly PriceChange[];
}

export interface SeededModel {
  readonly provider: string;
  readonly name: string;
  readonly displayName: string;
  readonly modality: 'text' | 'multimodal' | 'embedding' | 'rerank';
  readonly status: 'preview' | 'active' | 'deprecated' | 'retired';
  /** In the order of their release. */
  readonly versions: readonly SeededModelVersion[];
}

/** The models, the most used first. */
export const SEEDED_MODELS: readonly SeededModel[] = [
  {
    provider: 'sample-labs',
    name: 'sample-large-2',
    displayName: 'Sample Large 2',
    modality: 'multimodal',
    status: 'active',
    versions: [
      {
        version: '2024-05-13',
        releasedOn: '2024-05-13',
        deprecatedOn: '2025-11-01',
        contextWindowTokens: 128_000,
        maxOutputTokens: 4_096,
        prices: [{ from: '2024-05-13', cents: { input_uncached: 500, output_text: 1500 } }],
      },
      {
        version: '2024-08-06',
        releasedOn: '2024-08-06',
        contextWindowTokens: 200_000,
        maxOutputTokens: 16_384,
        prices: [
          { from: '2024-08-06', cents: { input_uncached: 250, output_text: 1000 } },
          {
            from: '2024-10-01',
            cents: { input_uncached: 250, input_cache_read: 25, input_cache_write: 313, output_text: 1000 },
          },
        ],
      },
    ],
  },
  {
    provider: 'sample-labs',
    name: 'sample-small-2',
    displayName: 'Sample Small 2',
    modality: 'multimodal',
    status: 'active',
    versions: [
      {
        version: '2024-07-18',
        releasedOn: '2024-07-18',
        contextWindowTokens: 128_000,
        maxOutputTokens: 16_384,
        prices: [
          { from: '2024-07-18', cents: { input_uncached: 15, output_text: 60 } },
          {
            from: '2024-10-01',
            cents: { input_uncached: 15, input_cache_read: 2, input_cache_write: 19, output_text: 60 },
          },
        ],
      },
    ],
  },
  {
    provider: 'example-ai',
    name: 'example-reason-1',
    displayName: 'Example Reason 1',
    modality: 'text',
    status: 'active',
    versions: [
      {
        version: '20250131',
        releasedOn: '2025-01-31',
        contextWindowTokens: 200_000,
        maxOutputTokens: 100_000,
        prices: [
          {
            from: '2025-01-31',
            cents: { input_uncached: 110, input_cache_read: 55, output_text: 440, output_reasoning: 440 },
          },
        ],
      },
    ],
  },
  {
    provider: 'example-ai',
    name: 'example-mini-3',
    displayName: 'Example Mini 3',
    modality: 'text',
    status: 'active',
    versions: [
      {
        version: '20240307',
        releasedOn: '2024-03-07',
        retiredOn: '2025-06-01',
        contextWindowTokens: 200_000,
        maxOutputTokens: 4_096,
        prices: [
          {
            from: '2024-03-07',
            cents: { input_uncached: 25, input_cache_read: 3, input_cache_write: 30, output_text: 125 },
          },
        ],
      },
      {
        version: '20241022',
        releasedOn: '2024-10-22',
        contextWindowTokens: 200_000,
        maxOutputTokens: 8_192,
        prices: [
          {
            from: '2024-10-22',
            cents: { input_uncached: 100, input_cache_read: 10, input_cache_write: 125, output_text: 500 },
          },
          {
            from: '2024-12-05',
            cents: { input_uncached: 80, input_cache_read: 8, input_cache_write: 100, output_text: 400 },
          },
        ],
      },
    ],
  },
  {
    provider: 'open-sample',
    name: 'open-sample-coder',
    displayName: 'Open Sample Coder',
    modality: 'text',
    status: 'preview',
    versions: [
      {
        version: 'preview-2',
        releasedOn: '2025-04-05',
        contextWindowTokens: 1_000_000,
        prices: [{ from: '2025-04-05', cents: { input_uncached: 35, input_cache_read: 4, output_text: 40 } }],
      },
    ],
  },
  {
    provider: 'demo-cloud',
    name: 'demo-embed-1',
    displayName: 'Demo Embed 1',
    modality: 'embedding',
    status: 'active',
    versions: [
      {
        version: '1',
        releasedOn: '2024-01-25',
        contextWindowTokens: 8_192,
        prices: [
          { from: '2024-01-25', cents: { input_uncached: 2 } },
          { from: '2025-01-01', cents: { input_uncached: 1 } },
        ],
      },
    ],
  },
  {
    provider: 'demo-cloud',
    name: 'demo-rerank-1',
    displayName: 'Demo Rerank 1',
    modality: 'rerank',
    status: 'active',
    versions: [
      {
        version: '1',
        releasedOn: '2024-04-11',
        contextWindowTokens: 4_096,
        prices: [{ from: '2024-04-11', cents: {}, centsPerThousandRequests: 200 }],
      },
    ],
  },
  {
    provider: 'sample-labs',
    name: 'sample-large-1',
    displayName: 'Sample Large 1',
    modality: 'text',
    status: 'deprecated',
    versions: [
      {
        version: '2023-11-06',
        releasedOn: '2023-11-06',
        deprecatedOn: '2025-06-01',
        retiredOn: '2027-06-01',
        contextWindowTokens: 128_000,
        maxOutputTokens: 4_096,
        prices: [
          { from: '2023-11-06', cents: { input_uncached: 1000, output_text: 3000 } },
          { from: '2024-05-13', cents: { input_uncached: 500, output_text: 1500 } },
        ],
      },
    ],
  },
];
