import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markdownTable } from '../../src/docs/markdown/table.js';
import { code, inlineText } from '../../src/docs/markdown/text.js';
import { docComment, literal, pascalCase, propertyName, typeNames } from '../../src/docs/types/names.js';
import { cellsOf } from './pages.js';

/** Texts with much of what Markdown and TypeScript give a meaning to. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '|',
        '\\',
        '`',
        '``',
        '\n',
        '\r\n',
        '*/',
        '/*',
        "'",
        '"',
        '<',
        '[',
        '](',
        '_',
        '*',
        ' ',
        '#',
        '\u2028',
      ),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

test('a table keeps its cells, whatever they hold', () => {
  fc.assert(
    fc.property(nasty, nasty, (first, second) => {
      const table = markdownTable(
        ['a', 'b', 'c'],
        [
          ['x', code(first), inlineText(second)],
          ['y', '`z`', 'w'],
        ],
      );
      expect(cellsOf(table)).toEqual([
        { cells: 3, titles: 3, isField: false },
        { cells: 3, titles: 3, isField: false },
      ]);
    }),
  );
});

test('a literal is the text again', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      expect(new Function(`return ${literal(text)}`)()).toBe(text);
    }),
  );
});

test('a property has the name of its column', () => {
  fc.assert(
    fc.property(fc.oneof(nasty, fc.constant('__proto__')), (name) => {
      expect(Object.keys(new Function(`return { ${propertyName(name)}: 1 }`)())).toEqual([name]);
    }),
  );
});

test('a documentation comment ends where it should', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const comment = docComment('', text).join('\n');
      expect(comment.indexOf('*/')).toBe(comment === '' ? -1 : comment.length - 2);
    }),
  );
});

test('names of types are identifiers, and no two are alike in any case', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(nasty, nasty), { maxLength: 8 }), (objects) => {
      const naming = typeNames(['Json']);
      const names = objects.map(([schema, name]) => naming.name(schema, name, ['Row']));
      const all = ['Json', ...names.flatMap((name) => [name, `${name}Row`])].map((name) =>
        name.toLowerCase(),
      );
      expect(new Set(all).size).toBe(all.length);
      for (const name of names) {
        expect(name).toMatch(/^[\p{L}_$][\p{L}\p{N}_$]*$/u);
      }
    }),
  );
});

test.each([
  ['order_status', 'OrderStatus'],
  ['Orders', 'Orders'],
  ['2fa codes', '_2faCodes'],
  ['grüße', 'Grüße'],
])('%s becomes %s', (name, expected) => {
  expect(pascalCase(name)).toBe(expected);
});
