export { type ErrorFault, isPlinthError, PlinthError, type ProgressEvent, type SourceRange } from './core/index.js';
export {
  type DownSelection,
  type MigrationCalls,
  type OpenOptions,
  open,
  type Plinth,
  type TargetChoice,
  type UpSelection,
} from './project/index.js';
