import { copyLine, copyTime, copyTimes } from './copy-line.js';
import type { SeedTable } from './seed-table.js';

export const ORGANIZATIONS: SeedTable = {
  name: 'platform.organizations',
  columns: [
    'id',
    'created_at',
    'updated_at',
    'deleted_at',
    'slug',
    'display_name',
    'status',
    'default_currency',
    'time_zone',
    'billing_email',
  ],
  keyColumns: 1,
  lines: (organization) => [
    copyLine([
      organization.id,
      ...copyTimes(organization.createdAtMs, organization.deletedAtMs),
      copyTime(organization.deletedAtMs),
      organization.slug,
      organization.displayName,
      organization.status,
      organization.currency,
      organization.timeZone,
      `billing@${organization.slug}.example`,
    ]),
  ],
};
