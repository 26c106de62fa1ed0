export { folderStore } from './folder-store.js';
export { locateObject, type ObjectLocation } from './locate.js';
export type { ObjectStore } from './object-store.js';
export { prefixedStore } from './prefixed-store.js';
export { s3Store } from './s3-store.js';
