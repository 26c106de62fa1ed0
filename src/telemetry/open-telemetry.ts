/**
 * The way to OpenTelemetry's API package. Importing it takes longer than most commands run, so it is imported
 * only once somebody can be listening: an SDK that is registered, in this process, leaves a global symbol that
 * the API documents for finding one another.
 */
type Api = typeof import('@opentelemetry/api');

const GLOBAL = Symbol.for('opentelemetry.js.api.1');

let loaded: Api | undefined;

/** The API when an SDK is registered; `undefined` otherwise. */
export async function openTelemetry(): Promise<Api | undefined> {
  return loaded ?? (isRegistered() ? loadOpenTelemetry() : undefined);
}

/** The API, whether or not an SDK is registered. */
export async function loadOpenTelemetry(): Promise<Api> {
  loaded ??= await import('@opentelemetry/api');
  return loaded;
}

/** The API where it is loaded already. */
export function loadedOpenTelemetry(): Api | undefined {
  return loaded;
}

/** Whether this process has an SDK: the application's own, or Plinth's. */
export function isRegistered(): boolean {
  const api = (
    globalThis as Record<symbol, { readonly trace?: unknown; readonly metrics?: unknown } | undefined>
  )[GLOBAL];
  return api?.trace !== undefined || api?.metrics !== undefined;
}
