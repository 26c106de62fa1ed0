import { BUDGETS } from './budget.js';
import { type CatalogueTable, MODEL_PRICES, MODEL_VERSIONS, MODELS } from './catalogue.js';
import { MODEL_ENTITLEMENTS } from './entitlement.js';
import { MEMBERSHIPS } from './membership.js';
import { ORGANIZATIONS } from './organization-table.js';
import type { SeedTable } from './seed-table.js';
import { API_KEYS } from './seeded-api-key.js';
import { USERS } from './user.js';

/** The tables of the catalogue, each after those that it refers to. */
export const CATALOGUE_TABLES: readonly CatalogueTable[] = [MODELS, MODEL_VERSIONS, MODEL_PRICES];

/** The tables whose rows belong to organizations, each after those that it refers to. */
export const ORGANIZATION_TABLES: readonly SeedTable[] = [
  ORGANIZATIONS,
  USERS,
  MEMBERSHIPS,
  API_KEYS,
  MODEL_ENTITLEMENTS,
  BUDGETS,
];
