/** What no diagram format takes in a name: control characters, line separators, half characters, non-characters. */
const INVISIBLE = /\p{Cc}|[\u2028\u2029\ufffe\uffff]|\p{Surrogate}/gu;

/** What is in almost every text, and needs no second look. */
const ORDINARY = /^[\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufffd]*$/;

/** A text without them; the first 32 become Unicode's pictures of them, a newline `␊`. */
export function visible(text: string): string {
  if (ORDINARY.test(text)) {
    return text;
  }
  return text.replaceAll(INVISIBLE, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
  });
}
