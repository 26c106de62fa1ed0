export { type DiffSqlOptions, diffSql } from './diff-sql.js';
export type { Rename } from './rename/renamed.js';
export type { ChangeGap, Hazard, HazardKind, SchemaChange, SchemaStatement } from './schema-change.js';
