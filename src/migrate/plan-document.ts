/** The form of what `plinth plan --format json` prints, for those who read it with a program. */
import { z } from 'zod';
import { RISKS } from './approvals/risk.js';

const direction = z.enum(['up', 'down']);
const extent = z.enum(['yes', 'no', 'maybe']);
const estimated = z.number().optional();

const lock = z.strictObject({
  relation: z.string().describe('`schema.name`'),
  lock: z.string().describe('As the PostgreSQL manual writes it, e.g. `ACCESS EXCLUSIVE`.'),
  isCertain: z.boolean().describe('False when it is taken under circumstances only.'),
  blocksReads: z.boolean(),
  blocksWrites: z.boolean(),
  rewrites: extent.describe('Every row is written anew while the lock is held.'),
  scans: extent.describe('Every row is read while the lock is held.'),
  rows: estimated.describe('By the estimate of the server; absent where the table was never analyzed.'),
  bytes: estimated,
});

const destruction = z.strictObject({
  kind: z.enum([
    'table',
    'materialized view',
    'column',
    'rows',
    'values',
    'sequence',
    'sequence position',
    'schema',
    'type',
    'database',
    'unknown',
  ]),
  relation: z.strictObject({ schema: z.string().optional(), name: z.string() }),
  columns: z.array(z.string()).optional().describe('Absent for all, or where the text does not tell.'),
  by: z.enum(['drop', 'cascade', 'truncate', 'delete', 'update', 'merge', 'upsert', 'type change', 'reset']),
  certainty: z.enum(['yes', 'maybe']).describe('`maybe` when it depends on the rows.'),
});

const keep = z.strictObject({
  how: z.enum(['moved', 'copied', 'captured', 'noted', 'watched', 'nothing']),
  relation: z.string().describe('`schema.name`; empty where it is not known beforehand.'),
  columns: z.array(z.string()).optional(),
  rows: estimated.describe('At most.'),
  bytes: estimated.describe('At most.'),
  durationMs: estimated.describe('At most.'),
  reason: z.string().optional().describe('Why nothing is kept, as the script says.'),
});

const statement = z.strictObject({
  number: z.int().describe('Its place in the script, from 1.'),
  line: z.int(),
  tag: z.string().describe('The command tag, e.g. `CREATE TABLE`.'),
  sql: z.string(),
  alone: z.boolean().describe('No transaction holds it.'),
  impact: z.strictObject({
    locks: z.array(lock).describe('On what was there before the run.'),
    destroys: z.array(destruction),
    keeps: z.array(keep).describe('What is kept of that.'),
    isOpaque: z.boolean().describe('It runs code that was not looked into.'),
    isUnknown: z.boolean().describe('Newer than the parser: only the server knows what it does.'),
  }),
});

const restore = z.strictObject({
  kind: z.enum(['table', 'column', 'rows', 'sequence']),
  relation: z.string().describe('`schema.name`, as it was when it was kept.'),
  columns: z.array(z.string()),
  rows: z.number().describe('For large moved tables the estimate of the server.'),
});

const risk = z.enum(RISKS);
const approval = z.strictObject({
  version: z.string(),
  name: z.string(),
  direction,
  risks: z.array(z.strictObject({ risk, reason: z.string(), line: z.int().optional() })),
  needed: z.array(z.strictObject({ risk, required: z.int(), given: z.int() })),
  given: z.array(
    z.strictObject({
      approver: z.string(),
      fingerprint: z.string(),
      approvedAt: z.string().describe('ISO 8601.'),
      covers: z.array(risk),
      file: z.string(),
      content: z.string(),
    }),
  ),
  void: z.array(z.strictObject({ file: z.string(), reason: z.string() })),
  approved: z.boolean(),
});

const plan = z.strictObject({
  target: z.string(),
  direction,
  folder: z.string(),
  format: z.string().describe('The format of the folder, e.g. `pairs`.'),
  migrations: z.array(
    z.strictObject({
      version: z.string(),
      name: z.string(),
      file: z.string(),
      atomic: z.boolean().describe('One transaction holds all of it; else each step is recorded.'),
      statements: z.array(statement),
      restores: z.array(restore).describe('Kept data that is put back.'),
      approval: approval.optional().describe('Where the target asks for approvals.'),
    }),
  ),
  notices: z.array(z.string()),
});

const fleetPlan = z.strictObject({
  target: z.string(),
  fleet: z.enum(['database', 'schema']),
  direction,
  groups: z.array(
    z.strictObject({
      members: z.array(z.string()),
      plan: plan.describe('Of the first of them.'),
    }),
  ),
  failed: z.array(
    z.strictObject({
      name: z.string(),
      error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }),
    }),
  ),
});

export const planDocument = z.strictObject({
  kind: z.literal('plan'),
  version: z.literal(1),
  data: z.array(z.union([plan, fleetPlan])).describe('One of each target.'),
});
