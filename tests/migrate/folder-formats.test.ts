import { describe, expect, test } from 'vitest';
import { describeCase, folderCases } from './folder-cases.js';

describe('A folder of migrations is read as its tool reads it', () => {
  for (const folderCase of folderCases()) {
    test(folderCase.name, async () => {
      await expect(describeCase(folderCase)).toMatchFileSnapshot(folderCase.expected);
    });
  }
});
