import { PlinthError } from '../core/index.js';
import { STORAGE_ERRORS } from './errors.js';

/** The HTTP status of a failed request, if it was answered. */
export function statusOf(cause: unknown): number | undefined {
  return (cause as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
}

/**
 * What a failed request means. The store's own message is left out: it may repeat the request, credentials and all.
 * @param what `read s3://bucket/key`
 */
export function s3Error(cause: unknown, what: string, bucket: string): PlinthError {
  if (cause instanceof PlinthError) {
    return cause;
  }
  const name = cause instanceof Error ? cause.name : 'unknown';
  const status = statusOf(cause);
  const details = { bucket, error: name, ...(status === undefined ? {} : { status }) };
  const fields = (reason: string) => ({ message: `Cannot ${what}: ${reason}`, details });
  if (name === 'NoSuchBucket') {
    return STORAGE_ERRORS.BUCKET_NOT_FOUND(fields(`there is no bucket ${bucket}`));
  }
  if (status === 404) {
    return STORAGE_ERRORS.NOT_FOUND(fields('there is no such object'));
  }
  if (status === 401 || status === 403) {
    return STORAGE_ERRORS.DENIED(fields(`the store refuses it (${name})`));
  }
  if (name === 'CredentialsProviderError') {
    return STORAGE_ERRORS.CREDENTIALS_MISSING(fields('there are no credentials'));
  }
  if (status === undefined || status >= 500) {
    return STORAGE_ERRORS.UNREACHABLE(fields(`the store does not answer (${reasonCode(cause) ?? name})`));
  }
  return STORAGE_ERRORS.FAILED(fields(`the store answers ${status} ${name}`));
}

/** `ECONNREFUSED` and its like. */
function reasonCode(cause: unknown): string | undefined {
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
