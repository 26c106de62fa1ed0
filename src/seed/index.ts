export {
  type ApiKey,
  formatApiKey,
  hashApiKey,
  isDevelopmentKey,
  matchesApiKeyHash,
  newApiKey,
  parseApiKey,
} from './api-key.js';
export {
  type ApiKeyAuthentication,
  type ApiKeyPrincipal,
  type ApiKeyRefusal,
  authenticateApiKey,
} from './authenticate-api-key.js';
export { SEEDED_MODELS, type SeededModel, type SeededModelVersion } from './catalogue-data.js';
export { SEED_ERRORS } from './errors.js';
export { NAMED_ORGANIZATIONS, type NamedOrganization } from './named-organizations.js';
export { type SeededOrganization, seededOrganization } from './organization.js';
export { philox4x32 } from './philox.js';
export { MOST_ORGANIZATIONS, SEED_PROFILES, type SeedProfile, seedProfile } from './profile.js';
export { type SeededTable, type SeedOptions, type SeedResult, seed } from './seed.js';
export { seededApiKey } from './seeded-api-key.js';
