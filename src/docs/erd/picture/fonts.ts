/** Arimo, in the scripts that it has: Latin, Greek, Cyrillic, Hebrew, Vietnamese. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const FOLDER = join(dirname(require.resolve('@fontsource/arimo')), 'files');

/** By which characters a text needs the files of a script. Reading one takes longer than drawing a small picture. */
const SCRIPTS: Readonly<Record<string, RegExp>> = {
  latin: /^/,
  'latin-ext': /[\u0100-\u02ff\u1d00-\u1dbf\u1e00-\u1e9f\u2020-\u20cf\u2113\u2c60-\u2c7f\ua720-\ua7ff]/,
  greek: /[\u0370-\u03ff]/,
  cyrillic: /[\u0400-\u045f\u0490\u0491\u04b0\u04b1\u2116]/,
  'cyrillic-ext': /[\u0460-\u052f\u1c80-\u1c8a\u20b4\u2de0-\u2dff\ua640-\ua69f]/,
  hebrew: /[\u0590-\u05ff\u20aa\u25cc\ufb1d-\ufb4f]/,
  vietnamese:
    /[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9\u20ab]|[\u0300-\u0329]/,
};
const WEIGHTS = ['400', '700'];

const files = new Map<string, Promise<Uint8Array>>();

/** The font's files that a text needs, each read once. */
export function fontsFor(text: string): Promise<readonly Uint8Array[]> {
  const scripts = Object.keys(SCRIPTS).filter((script) => SCRIPTS[script]!.test(text));
  return Promise.all(scripts.flatMap((script) => WEIGHTS.map((weight) => fontFile(script, weight))));
}

function fontFile(script: string, weight: string): Promise<Uint8Array> {
  const name = `arimo-${script}-${weight}-normal.woff2`;
  const known = files.get(name) ?? readFile(join(FOLDER, name));
  files.set(name, known);
  return known;
}
