/** What the tests of usage share: a database with the foundation's schema, and where the real traces are. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../src/core/index.js';
import { type Session, withSession } from '../../src/database/index.js';
import { readRollups, type SampleModel, type SampleTenant, type UsageEvent } from '../../src/usage/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** A database with the migrations of those targets applied. */
export async function createUsageDatabase(
  targets: readonly ('analytics' | 'operational')[] = ['analytics'],
  serverUrl?: string,
): Promise<TestDatabase> {
  const created = await createTestDatabase(serverUrl === undefined ? {} : { serverUrl });
  await withSession(created.database, async (session) => {
    for (const target of targets) {
      await applyMigrations(session, target);
    }
  });
  return created;
}

async function applyMigrations(session: Session, target: string): Promise<void> {
  const folder = join(PACKAGE_ROOT, 'db/migrations', target);
  for (const file of readdirSync(folder).sort()) {
    if (file.endsWith('.up.sql')) {
      await session.run(readFileSync(join(folder, file), 'utf8'));
    }
  }
}

/** The folder of the real traces: PLINTH_SHARED_DATA, else `shared/data` beside the project. */
export const SHARED_DATA = process.env.PLINTH_SHARED_DATA ?? join(PACKAGE_ROOT, '../shared/data');

/** Why a test that needs a real trace is skipped; `undefined` when the trace is there. */
export function whyMissing(file: string): string | undefined {
  return existsSync(join(SHARED_DATA, file)) ? undefined : `${file} is not in the shared data folder`;
}

/** The foundation's rollups, sources first. */
export const ROLLUPS = readRollups(PACKAGE_ROOT);

/** Empties events, marks and rollups. */
export const EMPTY_USAGE = `truncate ${['usage_events', ...ROLLUPS.map(({ name }) => `usage_rollups_${name}`)]
  .map((name) => `analytics.${name}`)
  .join(', ')}; truncate analytics.rollup_marks, analytics.rollup_horizons, analytics.rollup_caps`;

export const ORGANIZATION = '0190a000-0000-7000-8000-000000000001';
export const OTHER_ORGANIZATION = '0190a000-0000-7000-8000-000000000002';

/** What a trace does not say. */
export const SCOPE = { organizationId: ORGANIZATION, provider: 'acme', model: 'large' } as const;

/** An input of that text, in pieces of `size` bytes. */
export function textInput(
  text: string | Uint8Array,
  size = 1 << 20,
): { stream: Iterable<Uint8Array>; name: string } {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
  return { stream: pieces, name: 'trace' };
}

/** An event of noon of 2026-03-01, with what is given changed. */
export function usageEvent(changes: Partial<UsageEvent> = {}): UsageEvent {
  return {
    organizationId: ORGANIZATION,
    eventTime: new Date('2026-03-01T12:00:00.000Z'),
    provider: 'acme',
    model: 'large',
    operation: 'chat',
    status: 200,
    tokens: { inputUncached: 100, inputCacheRead: 0, inputCacheWrite: 0, outputText: 20, outputReasoning: 0 },
    latencyUs: 1_500_000,
    currency: 'USD',
    ...changes,
  };
}

export const MODELS: readonly SampleModel[] = [
  { provider: 'acme', name: 'chat-large', shape: 'conversation', weight: 3 },
  { provider: 'acme', name: 'code-fast', shape: 'code', weight: 2 },
  {
    provider: 'umbra',
    name: 'context-pro',
    shape: 'long-context',
    weight: 1,
    writesCache: true,
    reasoningShare: 0.3,
  },
];

export function sampleTenants(count: number): SampleTenant[] {
  return Array.from({ length: count }, (_, tenant) => ({
    organizationId: numberedId(1, tenant),
    keys: Array.from({ length: 1 + (tenant % 3) }, (_key, key) => ({
      apiKeyId: numberedId(2, tenant * 10 + key),
      userId: numberedId(3, tenant * 10 + key),
    })),
  }));
}

function numberedId(kind: number, number: number): string {
  return `0190a00${kind}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

export async function collect(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) {
    text += chunk;
  }
  return text;
}
