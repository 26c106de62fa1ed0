/** The values of a row that a query gives for `T`: what the model leaves out is null or false there. */
export type Raw<T> = {
  readonly [Key in keyof T]: undefined extends T[Key] ? T[Key] | null | false | undefined : T[Key];
};

/** The object with the properties that have something to say: null, undefined and false are left out. */
export function present<T extends object>(values: Raw<T>): T {
  const result: Record<string, unknown> = {};
  for (const key in values) {
    const value: unknown = values[key];
    if (value !== null && value !== undefined && value !== false) {
      result[key] = value;
    }
  }
  return result as T;
}

/** The list sorted by code unit; `undefined` for an empty or missing one. */
export function sorted(list: readonly string[] | null | undefined): string[] | undefined {
  return list && list.length > 0 ? [...list].sort() : undefined;
}

/** Options as `name=value`, sorted, with the values of those that look like secrets hidden. */
export function withoutSecrets(options: readonly string[] | null): string[] | undefined {
  return sorted(options)?.map((option) => {
    const [name = ''] = option.split('=', 1);
    return /passw|secret|token|credential|private|access_?key/i.test(name) ? `${name}=***` : option;
  });
}
