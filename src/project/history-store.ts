import { resolve } from 'node:path';
import { folderStore, type ObjectStore, prefixedStore, s3Store } from '../storage/index.js';
import type { ProjectContext } from './context.js';

/** Where the files of the history are: `s3://bucket/prefix`, or a folder from the project's root. */
export function historyStore(context: ProjectContext, place: string): ObjectStore {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(place) ?? [];
  return bucket === undefined
    ? folderStore(resolve(context.config.root, place))
    : prefixedStore(s3Store(bucket, context.environment), prefix);
}
