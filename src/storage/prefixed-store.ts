import type { ObjectStore } from './object-store.js';

/** The objects of a store below a prefix, by the rest of their names. */
export function prefixedStore(store: ObjectStore, prefix: string): ObjectStore {
  if (prefix === '') {
    return store;
  }
  return {
    name: `${store.name}/${prefix}`,
    read: (key, limitBytes) => store.read(`${prefix}/${key}`, limitBytes),
    write: (key, content) => store.write(`${prefix}/${key}`, content),
    remove: (key) => store.remove(`${prefix}/${key}`),
  };
}
