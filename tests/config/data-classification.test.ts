import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDataClassification, readDataClassification } from '../../src/config/index.js';

describe('The classification of data', () => {
  test('is a class a column, or a map that holds it', () => {
    const classes = parseDataClassification(`
columns:
  platform.users.email: restricted
  platform.users.name: { class: confidential, retentionDays: 30 }
`);
    expect([...classes]).toEqual([
      ['platform.users.email', 'restricted'],
      ['platform.users.name', 'confidential'],
    ]);
  });

  test('is empty in a project that has none, and read where it has one', () => {
    const root = mkdtempSync(join(tmpdir(), 'plinth-classes-'));
    try {
      expect(readDataClassification(root).size).toBe(0);
      mkdirSync(join(root, 'configs'));
      writeFileSync(join(root, 'configs/data-classification.yml'), 'columns: { a.b.c: public }');
      expect(readDataClassification(root).get('a.b.c')).toBe('public');
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  test.each([
    ['is not YAML', 'columns: [', 'CONFIG_MALFORMED'],
    ['names no column', 'columns: { users: public }', 'CONFIG_INVALID'],
    ['has a class that is none', 'columns: { a.b.c: secret }', 'CONFIG_INVALID'],
  ])('that %s is refused', (_, text, code) => {
    expect(() => parseDataClassification(text)).toThrow(expect.objectContaining({ code }));
  });
});
