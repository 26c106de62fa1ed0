import type { Extension } from '../../schema/index.js';
import { remember } from './draft.js';
import { catalogKind } from './kind.js';

export const extensions = catalogKind<{ oid: number } & Omit<Extension, 'kind'>>({
  query: 'extensions',
  databaseWide: true,
  add: ({ oid, ...row }, draft) => {
    const extension = { kind: 'extension' as const, ...row };
    draft.model.extensions.push(extension);
    remember(draft, 'pg_extension', oid, extension);
  },
});
