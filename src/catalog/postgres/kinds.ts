/** Every kind of object that is read. The order matters: what stands on a table comes after the tables. */
import { columns } from './columns.js';
import { comments } from './comments.js';
import { constraints } from './constraints.js';
import { defaultPrivileges } from './default-privileges.js';
import { domainConstraints } from './domain-constraints.js';
import { eventTriggers } from './event-triggers.js';
import { extensions } from './extensions.js';
import { foreignDataWrappers } from './foreign-data-wrappers.js';
import { foreignServers } from './foreign-servers.js';
import { grants } from './grants.js';
import { indexes } from './indexes.js';
import type { CatalogKind } from './kind.js';
import { notNullConstraints } from './not-null-constraints.js';
import { otherObjects } from './other-objects.js';
import { partitionKeys } from './partition-keys.js';
import { policies } from './policies.js';
import { publications } from './publications.js';
import { relations } from './relations.js';
import { routines } from './routines.js';
import { rules } from './rules.js';
import { sequences } from './sequences.js';
import { statistics } from './statistics.js';
import { triggers } from './triggers.js';
import { types } from './types.js';

export const CATALOG_KINDS: readonly CatalogKind[] = [
  extensions,
  types,
  domainConstraints,
  relations,
  columns,
  partitionKeys,
  notNullConstraints,
  sequences,
  constraints,
  indexes,
  triggers,
  rules,
  policies,
  statistics,
  routines,
  eventTriggers,
  foreignDataWrappers,
  foreignServers,
  publications,
  defaultPrivileges,
  otherObjects,
  comments,
  grants,
];
