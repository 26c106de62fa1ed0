import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

const documents = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** The targets of `[text](target)` that lie in this repository, without code blocks and without anchors. */
function linksIn(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!.split('#')[0]!)
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

test('there are documents with links to look at', () => {
  expect(documents).toContain('README.md');
  expect(linksIn(readFileSync(join(ROOT, 'README.md'), 'utf8')).length).toBeGreaterThan(3);
});

test.each(documents)('every link of %s leads to a file of the repository', (document) => {
  const folder = dirname(join(ROOT, document));
  const broken = linksIn(readFileSync(join(ROOT, document), 'utf8')).filter(
    (target) => !existsSync(join(folder, target)),
  );
  expect(broken).toEqual([]);
});
