/** Every span that Plinth makes by itself, by name. Spans of statements are named after their command. */
import type { Described } from './described.js';

export const SPANS = {
  'plinth.apply': { means: 'A run that applies migrations to one target.' },
  'plinth.rollback': { means: 'A run that takes migrations back.' },
  'plinth.baseline': { means: 'A run that takes an existing database over.' },
  'plinth.adopt': { means: 'A run that takes over what another tool has migrated.' },
  'plinth.repair': { means: 'A run that puts the ledger right.' },
  'plinth.migration up': { means: 'One migration on its way up, its retries included. Below its run.' },
  'plinth.migration down': { means: 'One migration on its way down. Below its run.' },
  'plinth.drift': { means: 'Comparing a live schema with what its applied migrations make.' },
  'plinth.schema.build': { means: 'Making a schema on a throwaway database, to compare with.' },
  'plinth.seed': { means: 'Loading the sample data.' },
  'plinth.usage.import': { means: 'Importing a file of usage events.' },
  'plinth.usage.roll_up': { means: 'Recomputing rollups.' },
  'plinth.usage.reconcile': { means: 'Comparing rollups with their events.' },
  'plinth.usage.audit_budgets': { means: 'Comparing what budgets have counted with what usage has cost.' },
  'plinth.usage.test': { means: 'Running data-quality tests.' },
  'plinth.usage.trend': { means: 'Reading usage over time.' },
  'plinth.usage.groups': { means: 'Reading usage by group.' },
  'plinth.usage.events': { means: 'Reading usage events.' },
} as const satisfies Readonly<Record<string, Described>>;

export type SpanName = keyof typeof SPANS;
