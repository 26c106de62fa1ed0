import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScratch, type ScratchServer } from '../../src/database/index.js';
import { describeProof, proofCases, proveCase } from './proof-cases.js';

let server: ScratchServer;
beforeAll(async () => {
  server = await openScratch();
});
afterAll(() => server.close());

describe('the verdict on', () => {
  it.each(proofCases())('$name', async (proofCase) => {
    const proof = await proveCase(server, proofCase);
    await expect(describeProof(proof)).toMatchFileSnapshot(proofCase.expected);
  });
});

it('cuts a script with a transaction of its own off before its commit', async () => {
  const { interruptions } = await proveCase(server, { name: 'own-transaction' }, 1);
  expect(interruptions).toEqual({ tried: 2, statements: 4 });
});

it('counts rows that are written to a renamed table once', async () => {
  const { data } = await proveCase(server, { name: 'renamed-table' });
  expect(data.rowsWritten).toBe(6);
});
