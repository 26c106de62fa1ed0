/** Which models of the catalogue an organization may use, and how fast: larger organizations faster. */
import { modelId } from './catalogue.js';
import { SEEDED_MODELS } from './catalogue-data.js';
import { copyLine, copyTimes } from './copy-line.js';
import { chance, draw } from './draw.js';
import type { SeededOrganization } from './organization.js';
import { linesOf, type SeedTable } from './seed-table.js';

/** One seeded entitlement. */
export interface SeededEntitlement {
  readonly modelId: string;
  /** Undefined for no limit. */
  readonly requestsPerMinute: number | undefined;
  /** Undefined for no limit. */
  readonly tokensPerMinute: number | undefined;
  readonly isEnabled: boolean;
}

/** How many organizations in 100 may use each model of `SEEDED_MODELS`; everybody may use the small one. */
const PERCENT_OF_ORGANIZATIONS = [25, 100, 8, 20, 2, 12, 5, 4];

/** The models in the order of their ids, which is that of the rows. */
const OFFERS = SEEDED_MODELS.map((model, place) => ({
  modelId: modelId(model),
  isDeprecated: model.status === 'deprecated',
  percent: PERCENT_OF_ORGANIZATIONS[place]!,
})).sort((one, other) => (one.modelId < other.modelId ? -1 : 1));

/**
 * The entitlements of the organization, in the order of the models' ids. The named organizations may use every
 * model that is not deprecated.
 */
function seededEntitlements(organization: SeededOrganization): SeededEntitlement[] {
  const { seed, index, isNamed } = organization;
  const requestsPerMinute = rateOf(organization);
  const entitlements: SeededEntitlement[] = [];
  for (const [place, { modelId, isDeprecated, percent }] of OFFERS.entries()) {
    const { a, b } = draw(seed, 'entitlement', index, place);
    if (isNamed ? !isDeprecated : chance(a, percent)) {
      entitlements.push({
        modelId,
        requestsPerMinute,
        tokensPerMinute: requestsPerMinute && requestsPerMinute * TOKENS_PER_REQUEST,
        isEnabled: isNamed || chance(b, 97),
      });
    }
  }
  return entitlements;
}

const TOKENS_PER_REQUEST = 2_000;

/** A rate for each tenfold of users; the largest organizations have no limit. */
const REQUESTS_PER_MINUTE = [60, 600, 6_000];

function rateOf(organization: SeededOrganization): number | undefined {
  return REQUESTS_PER_MINUTE[String(organization.userCount).length - 1];
}

export const MODEL_ENTITLEMENTS: SeedTable = {
  name: 'platform.model_entitlements',
  columns: [
    'organization_id',
    'model_id',
    'created_at',
    'updated_at',
    'requests_per_minute',
    'tokens_per_minute',
    'enabled',
  ],
  keyColumns: 2,
  lines: (organization) => {
    const entitlements = seededEntitlements(organization);
    return linesOf(entitlements.length, (ordinal) => entitlementLine(organization, entitlements[ordinal]!));
  },
};

function entitlementLine(organization: SeededOrganization, entitlement: SeededEntitlement): string {
  return copyLine([
    organization.id,
    entitlement.modelId,
    ...copyTimes(organization.createdAtMs),
    entitlement.requestsPerMinute,
    entitlement.tokensPerMinute,
    entitlement.isEnabled,
  ]);
}
