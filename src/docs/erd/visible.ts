/** What no diagram format takes in a name: control characters, line separators, half characters, non-characters. */
const INVISIBLE = /\p{Cc}|[\u2028\u2029\ufffe\uffff]|\p{Surrogate}/gu;

/** A text without them; the first 32 become Unicode's pictures of them, a newline `␊`. */
export function visible(text: string): string {
  return text.replaceAll(INVISIBLE, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
  });
}
