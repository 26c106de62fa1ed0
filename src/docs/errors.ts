import { defineErrors } from '../core/index.js';

export const DOCS_ERRORS = defineErrors('DOCS', {
  LAYOUT_FAILED: {
    fault: 'bug',
    when: 'Graphviz gave up on placing the tables of a diagram.',
    fix: 'Report it with the schema, and write the diagram as Mermaid or DBML meanwhile.',
  },
  NOTHING_TO_DOCUMENT: {
    fault: 'usage',
    when: 'The databases to document have no table and no view, so that every page would be removed.',
    fix: 'Apply the migrations first: `plinth apply`.',
  },
  TABLE_UNKNOWN: {
    fault: 'usage',
    when: 'A diagram is asked for of a table that the databases do not have.',
    fix: 'Name it as schema.table or table; `*` stands for any characters.',
  },
  SCHEMAS_CLASH: {
    fault: 'usage',
    when: 'Two databases to be documented together have different objects of one name.',
    fix: 'Document them one by one, each in a folder of its own: `--target <name> --folder <path>`.',
  },
});
