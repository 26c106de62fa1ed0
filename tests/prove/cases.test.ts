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
