export {
  DATA_CLASSES,
  type DataClass,
  type DataClassification,
  parseDataClassification,
  readDataClassification,
} from './data-classification.js';
export { parseDuration } from './duration.js';
export { CONFIG_ERRORS } from './errors.js';
export {
  type Config,
  type LoadOptions,
  loadConfig,
  parseSettings,
  targetSettings,
} from './load.js';
export { type Settings, settingsJsonSchema, type TargetSettings } from './settings.js';
