/** The texts in a protobuf message, read without its schema: what is no text is tried as a message of its own. */
export function stringsIn(message: Uint8Array): string[] {
  return fieldsOf(message)?.flatMap((field) => [...textOf(field), ...stringsIn(field)]) ?? [];
}

/** The length-delimited fields of a message; `undefined` when it is not one. */
function fieldsOf(message: Uint8Array): Uint8Array[] | undefined {
  const fields: Uint8Array[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at];
      at += 1;
      if (byte === undefined || factor > 2 ** 63) {
        return Number.NaN;
      }
      value += (byte & 127) * factor;
      if (byte < 128) {
        return value;
      }
    }
  };
  while (at < message.length) {
    const wireType = varint() % 8;
    if (wireType === 0) {
      varint();
    } else if (wireType === 1 || wireType === 5) {
      at += wireType === 1 ? 8 : 4;
    } else if (wireType === 2) {
      const length = varint();
      fields.push(message.subarray(at, at + length));
      at += length;
    } else {
      return undefined;
    }
    if (!(at <= message.length)) {
      return undefined;
    }
  }
  return fields;
}

function textOf(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString();
  return /^[\p{L}\p{N}\p{P}\p{S}\s]+$/u.test(text) && !text.includes('\uFFFD') ? [text] : [];
}
