import type { ForeignDataWrapper } from '../../schema/index.js';
import { type Draft, remember } from './draft.js';
import { catalogKind } from './kind.js';
import { present, withoutSecrets } from './present.js';

interface WrapperRow {
  readonly oid: number;
  readonly name: string;
  readonly handler: string | null;
  readonly validator: string | null;
  readonly options: string[] | null;
  readonly owner: string;
}

export const foreignDataWrappers = catalogKind<WrapperRow>({
  query: 'foreign-data-wrappers',
  databaseWide: true,
  add: (row, draft) => {
    const wrapper = present<Draft<ForeignDataWrapper>>({
      kind: 'foreign data wrapper',
      name: row.name,
      handler: row.handler,
      validator: row.validator,
      options: withoutSecrets(row.options),
      owner: row.owner,
    });
    draft.model.foreignDataWrappers.push(wrapper);
    remember(draft, 'pg_foreign_data_wrapper', row.oid, wrapper);
  },
});
