/** Arimo, in the scripts that it has: Latin, Greek, Cyrillic, Hebrew, Vietnamese. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const FOLDER = join(dirname(require.resolve('@fontsource/arimo')), 'files');

const SCRIPTS = ['latin', 'latin-ext', 'greek', 'cyrillic', 'cyrillic-ext', 'hebrew', 'vietnamese'];
const WEIGHTS = ['400', '700'];

let fonts: Promise<readonly Uint8Array[]> | undefined;

/** The font's files, read once. */
export function availableFonts(): Promise<readonly Uint8Array[]> {
  fonts ??= Promise.all(
    SCRIPTS.flatMap((script) =>
      WEIGHTS.map((weight) => readFile(join(FOLDER, `arimo-${script}-${weight}-normal.woff2`))),
    ),
  );
  return fonts;
}
