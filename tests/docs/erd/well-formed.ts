import { expect } from 'vitest';

/** Every element is closed in its order, and `<` and `&` stand nowhere else. */
export function expectWellFormed(svg: string): void {
  const open: string[] = [];
  for (const [, slash, name, end] of svg.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (slash) {
      expect(open.pop()).toBe(name);
    } else if (!end) {
      open.push(name!);
    }
  }
  expect(open).toEqual([]);
  expect(svg.replaceAll(/<\/?[a-z]+(\s[^<>]*?)?\/?>/g, '')).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot);)/);
}
