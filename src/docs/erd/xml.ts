import { visible } from './visible.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text for an XML document, inside elements and attributes alike. */
export function xmlText(text: string): string {
  const shown = visible(text);
  return /[&<>"]/.test(shown) ? shown.replaceAll(/[&<>"]/g, (character) => ENTITIES[character]!) : shown;
}
