/** The code of an error: what telemetry says of it. Messages may hold names and values of the user's. */
export function errorCodeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'INTERNAL';
}
