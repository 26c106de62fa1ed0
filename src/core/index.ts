export { type Clock, systemClock } from './clock.js';
export { sha256 } from './digest.js';
export { FILE_ERRORS } from './errors.js';
export { readText, reasonOf, writeFileAtomic } from './files.js';
export { type IsoTime, parseIsoTime } from './iso-time.js';
export { lineDiff } from './line-diff.js';
export { nearest } from './nearest.js';
export { PACKAGE_ROOT, packageVersion, readPackageFile } from './package-root.js';
export {
  defineErrors,
  type ErrorFactory,
  type ErrorFault,
  type ErrorFields,
  type ErrorKind,
  EXIT,
  isPlinthError,
  PlinthError,
  type SourceRange,
} from './plinth-error.js';
export { type OnProgress, type ProgressEvent, silent } from './progress.js';
export { codePointOffset, type LineColumn, lineAround, lineColumnAt } from './source-text.js';
