/** The encoding of SSH: 32-bit lengths before byte strings. Source: RFC 4251, section 5. */

/** Joins parts; a text or bytes get their length in front, a number is 32 bits. */
export function sshEncode(...parts: readonly (string | Uint8Array | number)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      if (typeof part === 'number') {
        return [uint32(part)];
      }
      const bytes = Buffer.from(part as Uint8Array);
      return [uint32(bytes.length), bytes];
    }),
  );
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Reads such an encoding from its beginning; every method throws `RangeError` where the bytes end too soon. */
export interface SshReader {
  uint32(): number;
  bytes(): Buffer;
  text(): string;
  /** What has not been read yet. */
  rest(): Buffer;
}

export function sshReader(encoded: Uint8Array): SshReader {
  const buffer = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  let at = 0;
  const take = (length: number): Buffer => {
    if (length > buffer.length - at) {
      throw new RangeError('the bytes end too soon');
    }
    at += length;
    return buffer.subarray(at - length, at);
  };
  const reader: SshReader = {
    uint32: () => take(4).readUInt32BE(),
    bytes: () => take(reader.uint32()),
    text: () => reader.bytes().toString('utf8'),
    rest: () => buffer.subarray(at),
  };
  return reader;
}
