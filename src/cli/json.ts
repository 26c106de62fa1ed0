/** A result for `--format json`: one document, `bigint` as number where it is exact and as string where not. */
export function toJson(kind: string, data: unknown): string {
  return JSON.stringify({ kind, version: 1, data }, jsonValue, 2);
}

export function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value !== 'bigint') {
    return value;
  }
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
