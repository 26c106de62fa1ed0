export type { OpenOptions } from './context.js';
export type { DownSelection, MigrationCalls, TargetChoice, UpSelection } from './migrations.js';
export { open, type Plinth } from './open.js';
