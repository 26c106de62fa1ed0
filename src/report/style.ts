import { styleText } from 'node:util';

/** Colours by meaning, so that a report never names a colour. */
export interface Style {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly accent: (text: string) => string;
}

type Format = Parameters<typeof styleText>[0];

const paint =
  (format: Format) =>
  (text: string): string =>
    text === '' ? text : styleText(format, text, { validateStream: false });

const coloured: Style = {
  good: paint('green'),
  bad: paint(['red', 'bold']),
  warn: paint('yellow'),
  faint: paint('gray'),
  strong: paint('bold'),
  accent: paint('cyan'),
};

const same = (text: string): string => text;
const plain: Style = { good: same, bad: same, warn: same, faint: same, strong: same, accent: same };

/** The style for an output: coloured on a terminal, plain everywhere else. */
export function styleFor(colours: boolean): Style {
  return colours ? coloured : plain;
}
