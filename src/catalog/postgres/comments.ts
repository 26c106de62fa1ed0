import { recall } from './draft.js';
import { catalogKind } from './kind.js';

interface CommentRow {
  readonly catalog: string;
  readonly oid: number;
  readonly part: number;
  readonly comment: string;
}

export const comments = catalogKind<CommentRow>({
  query: 'comments',
  add: (row, draft) => {
    const object = recall(draft, row.catalog, row.oid, row.part);
    if (object) {
      Object.assign(object, { comment: row.comment });
    }
  },
});
