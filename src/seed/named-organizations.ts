/**
 * The first dozen organizations have names that people can remember, and between them show every state a service
 * must deal with. They are in every profile. The rest is drawn; see `organization.ts`.
 */

export type OrganizationStatus = 'active' | 'suspended' | 'closed';

export interface NamedOrganization {
  readonly slug: string;
  readonly displayName: string;
  readonly userCount: number;
  readonly apiKeyCount: number;
  readonly status?: OrganizationStatus;
  readonly isDeleted?: boolean;
}

export const NAMED_ORGANIZATIONS: readonly NamedOrganization[] = [
  { slug: 'acme', displayName: 'Acme', userCount: 5, apiKeyCount: 4 },
  { slug: 'birchwood', displayName: 'Birchwood Health', userCount: 12, apiKeyCount: 3 },
  { slug: 'cobalt', displayName: 'Cobalt Analytics', userCount: 3, apiKeyCount: 2 },
  { slug: 'driftwood', displayName: 'Driftwood Games', userCount: 1, apiKeyCount: 1 },
  { slug: 'emberline', displayName: 'Emberline', userCount: 2, apiKeyCount: 1 },
  { slug: 'foxglove', displayName: 'Foxglove Research', userCount: 40, apiKeyCount: 12 },
  { slug: 'granite', displayName: 'Granite & Sons', userCount: 1, apiKeyCount: 1 },
  { slug: 'harborside', displayName: 'Harborside', userCount: 2, apiKeyCount: 2 },
  { slug: 'ironbark', displayName: 'Ironbark Software', userCount: 1, apiKeyCount: 1 },
  { slug: 'juniper', displayName: 'Juniper Trial', userCount: 1, apiKeyCount: 1, status: 'suspended' },
  { slug: 'kestrel', displayName: 'Kestrel Studio', userCount: 2, apiKeyCount: 1, status: 'closed' },
  {
    slug: 'lumen',
    displayName: 'Lumen Café',
    userCount: 1,
    apiKeyCount: 1,
    status: 'closed',
    isDeleted: true,
  },
];
