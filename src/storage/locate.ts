import { basename, dirname, resolve } from 'node:path';
import { STORAGE_ERRORS } from './errors.js';
import { folderStore } from './folder-store.js';
import type { ObjectStore } from './object-store.js';
import { type Environment, s3Store } from './s3-store.js';

/** An object, and the store that it is in. */
export interface ObjectLocation {
  readonly store: ObjectStore;
  readonly key: string;
  /** As messages show it. */
  readonly name: string;
}

/**
 * The object that a path or an `s3://bucket/key` names; nothing is asked yet.
 * @throws STORAGE_URL_INVALID
 */
export function locateObject(place: string, environment: Environment = process.env): ObjectLocation {
  if (!/^[a-z][a-z0-9+]+:\/\//i.test(place)) {
    const path = resolve(place);
    return { store: folderStore(dirname(path)), key: basename(path), name: place };
  }
  const [, bucket, key] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.*[^/])$/.exec(place) ?? [];
  if (bucket === undefined || key === undefined) {
    throw STORAGE_ERRORS.URL_INVALID({
      message: `Cannot use ${place}: it names no object (s3://bucket/key, or a path, was wanted)`,
    });
  }
  return { store: s3Store(bucket, environment), key, name: place };
}
