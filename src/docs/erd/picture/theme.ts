/** Colours of a picture beside those of its categories. Letters keep a contrast of at least 4.5 : 1. */
export interface Theme {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly accent: string;
  readonly box: string;
  readonly boxLine: string;
  readonly rule: string;
  readonly group: string;
  readonly groupLine: string;
}

export type ThemeName = 'light' | 'dark';

export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  light: {
    background: '#ffffff',
    text: '#1c2530',
    muted: '#596573',
    line: '#76828f',
    accent: '#c2410c',
    box: '#ffffff',
    boxLine: '#aab3bd',
    rule: '#e7ebef',
    group: '#f4f6f8',
    groupLine: '#d3dae1',
  },
  dark: {
    background: '#10151b',
    text: '#e8edf2',
    muted: '#9aa7b5',
    line: '#8793a1',
    accent: '#fdba74',
    box: '#1b222b',
    boxLine: '#465362',
    rule: '#2a333e',
    group: '#151b22',
    groupLine: '#303b47',
  },
};
