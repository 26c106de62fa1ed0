/**
 * A bucket of any S3-compatible store, by the standard AWS variables: AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL,
 * AWS_REGION or AWS_DEFAULT_REGION, and the credentials of the AWS configuration. The SDK is loaded with the first
 * request: most commands never need it.
 *
 * `If-None-Match: *` keeps an object from being overwritten. Stores that do not know the header overwrite all the
 * same, so that what is there is read first; what remains is that two write one name at the same instant to such a
 * store.
 */
import type { S3Client } from '@aws-sdk/client-s3';
import { STORAGE_ERRORS } from './errors.js';
import type { ObjectStore } from './object-store.js';
import { s3Error, statusOf } from './s3-error.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** How often a request is tried, the first time included. */
const MOST_TRIES = 4;
const CONNECT_WITHIN_MS = 5_000;
const ANSWER_WITHIN_MS = 60_000;

export function s3Store(bucket: string, environment: Environment = process.env): ObjectStore {
  let loaded: Promise<Loaded> | undefined;
  const request = async <T>(key: string, verb: string, call: (s3: Loaded) => Promise<T>): Promise<T> => {
    loaded ??= load(environment);
    const s3 = await loaded;
    try {
      return await call(s3);
    } catch (cause) {
      throw s3Error(cause, `${verb} s3://${bucket}/${key}`, bucket);
    }
  };
  const read = (key: string, limitBytes: number): Promise<Uint8Array> =>
    request(key, 'read', async ({ client, sdk }) => {
      const { Body, ContentLength } = await client.send(
        new sdk.GetObjectCommand({ Bucket: bucket, Key: key }),
      );
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of Body as AsyncIterable<Uint8Array>) {
        bytes += chunk.length;
        if (Math.max(bytes, ContentLength ?? 0) > limitBytes) {
          throw tooLarge(bucket, key, limitBytes);
        }
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    });
  const existing = async (key: string, limitBytes: number): Promise<Uint8Array | undefined> => {
    try {
      return await read(key, limitBytes);
    } catch (error) {
      const { code } = error as { readonly code?: string };
      if (code === 'STORAGE_TOO_LARGE') {
        throw exists(bucket, key);
      }
      if (code === 'STORAGE_NOT_FOUND') {
        return undefined;
      }
      throw error;
    }
  };
  const put = (key: string, content: Uint8Array, condition: object): Promise<boolean> =>
    request(key, 'write', async ({ client, sdk }) => {
      try {
        await client.send(
          new sdk.PutObjectCommand({ Bucket: bucket, Key: key, Body: content, ...condition }),
        );
        return true;
      } catch (cause) {
        if (statusOf(cause) === 412 || statusOf(cause) === 409) {
          return false;
        }
        if (statusOf(cause) === 501) {
          return put(key, content, {});
        }
        throw cause;
      }
    });
  return {
    name: `s3://${bucket}`,
    read,
    write: async (key, content) => {
      const before = await existing(key, content.length);
      if (before === undefined && (await put(key, content, { IfNoneMatch: '*' }))) {
        return 'created';
      }
      const now = before ?? (await existing(key, content.length));
      if (now === undefined || !Buffer.from(now).equals(content)) {
        throw exists(bucket, key);
      }
      return 'unchanged';
    },
    remove: (key) =>
      request(key, 'remove', async ({ client, sdk }) => {
        await client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key }));
      }),
  };
}

interface Loaded {
  readonly sdk: typeof import('@aws-sdk/client-s3');
  readonly client: S3Client;
}

async function load(environment: Environment): Promise<Loaded> {
  // The SDK's notice about Node versions is for those who choose the SDK's version; here package.json does.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const sdk = await import('@aws-sdk/client-s3');
  const endpoint = environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL;
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION;
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = environment;
  const client = new sdk.S3Client({
    // Other stores are reached by one host name and mostly have no regions.
    ...(endpoint
      ? { endpoint, forcePathStyle: true, region: region || 'us-east-1' }
      : region
        ? { region }
        : {}),
    ...(id && secret
      ? {
          credentials: {
            accessKeyId: id,
            secretAccessKey: secret,
            ...(token ? { sessionToken: token } : {}),
          },
        }
      : {}),
    maxAttempts: MOST_TRIES,
    requestHandler: { connectionTimeout: CONNECT_WITHIN_MS, requestTimeout: ANSWER_WITHIN_MS },
    // Stores other than Amazon's know no checksums behind the body.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return { sdk, client };
}

function tooLarge(bucket: string, key: string, limitBytes: number): Error {
  return STORAGE_ERRORS.TOO_LARGE({
    message: `Cannot read s3://${bucket}/${key}: it is too large (${limitBytes} bytes at most were wanted)`,
    details: { bucket, key },
  });
}

function exists(bucket: string, key: string): Error {
  return STORAGE_ERRORS.EXISTS({
    message: `Cannot write s3://${bucket}/${key}: an object of that name holds something else`,
    details: { bucket, key },
  });
}
