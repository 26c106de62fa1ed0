import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskLiterals } from '../../src/sql/index.js';

describe('masking', () => {
  test.each([
    [
      "insert into users values (1, 'a@b.c', E'x\\'', $$y$$, x'1F')",
      'insert into users values (?, ?, ?, ?, ?)',
    ],
    ['update t set a = -1.5e3 -- for Ann\nwhere b = $1', 'update t set a = -? \nwhere b = $1'],
    ["select 'cut off in the midd", 'select ?'],
    ['select "cut off', 'select ?'],
    ['select 1 /* for An', 'select ? '],
    ['copy t from stdin;\nAnn\t1\n\\.\n', 'copy t from stdin;\n\n'],
  ])('%j becomes %j', (text, masked) => {
    expect(maskLiterals(text)).toBe(masked);
  });

  test('never lets a secret through, wherever the text is cut', () => {
    const secret = 'S3CRET';
    const quotes = fc.constantFrom(
      `'${secret}'`,
      `E'\\'${secret}'`,
      `$$${secret}$$`,
      `$a$'${secret}$a$`,
      `'a'\n'${secret}'`,
      `-- ${secret}\n`,
      `/*${secret}*/`,
    );
    fc.assert(
      fc.property(fc.array(quotes, { minLength: 1, maxLength: 6 }), fc.nat(), (parts, cut) => {
        const text = `select ${parts.join(', ')}`;
        expect(maskLiterals(text.slice(0, cut % (text.length + 1)))).not.toMatch(/S3|CR|ET/);
      }),
      { numRuns: 1000 },
    );
  });
});
