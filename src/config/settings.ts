/**
 * The settings of a project, as `plinth.yaml` holds them. The schema below is the only description: the
 * validation, the types and the JSON Schema that editors use all come from it.
 */
import { z } from 'zod';
import { parseDuration } from './duration.js';

const DURATION = 'a duration was wanted, such as 500ms, 2s, 15min or 1h';

const duration = (text: string, description: string) =>
  z
    .string()
    .default(text)
    .refine((value) => parseDuration(value) !== undefined, { error: DURATION })
    .transform((value) => parseDuration(value)!)
    .describe(`${description} Default ${text}.`);

const APPROVAL_RISKS = ['destructive', 'restricted-data', 'long-lock', 'irreversible'] as const;

const approvals = z
  .strictObject({
    required: z
      .partialRecord(z.enum(APPROVAL_RISKS), z.int().min(1).max(16))
      .default({})
      .describe('How many approvals a migration of each risk needs before it is applied.'),
    approvers: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Public keys of those who may approve, as OpenSSH writes them: ssh-ed25519 AAAA… name. Keys of one name are one approver.',
      ),
    approversFile: z
      .string()
      .min(1)
      .optional()
      .describe('A file of more such lines, from the project’s root.'),
    folder: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Where approvals are kept, from the project’s root; approvals/<target> beside the folder of the migrations unless given.',
      ),
  })
  .describe('Who must approve which migrations.');

const fleet = z
  .strictObject({
    databases: z.array(z.string().min(1)).optional().describe('The databases of the server, by name.'),
    schemas: z.array(z.string().min(1)).optional().describe('The schemas of the database, by name.'),
    query: z
      .string()
      .min(1)
      .optional()
      .describe('A query, run on the target’s url, whose first column names the databases or schemas.'),
    kind: z.enum(['database', 'schema']).default('database').describe('What the query names.'),
    sharedSchemas: z
      .array(z.string().min(1))
      .default([])
      .describe('Schemas that every member’s own comes before in search_path: where extensions are.'),
    parallel: z.int().min(1).max(64).default(4).describe('How many are migrated at once.'),
    canary: z.int().min(0).max(100).default(1).describe('How many are migrated first, alone.'),
    stopAfterFailures: z.int().min(1).default(1).describe('Start no more once this many have failed.'),
  })
  .refine(
    ({ databases, schemas, query }) =>
      [databases, schemas, query].filter((source) => source !== undefined).length === 1,
    { error: 'one of databases, schemas and query was wanted' },
  )
  .describe('Many databases or schemas that take the same migrations (a tenant each).');

const target = z
  .strictObject({
    migrations: z.string().min(1).describe('The folder of the migrations, from the project’s root.'),
    url: z
      .string()
      .min(1)
      .optional()
      .describe('Connection string, usually ${NAME}. Without it: PLINTH_URL, else the embedded PostgreSQL.'),
    format: z
      .enum([
        'auto',
        'pairs',
        'flyway',
        'dbmate',
        'goose',
        'sql-migrate',
        'node-pg-migrate',
        'sqlx',
        'diesel',
        'prisma',
      ])
      .default('auto')
      .describe('How the files of the folder are named and divided; found out from the folder by default.'),
    order: z
      .enum(['strict', 'allow-missing'])
      .default('strict')
      .describe(
        'What to do about a pending migration older than the newest applied one: refuse it, or apply it.',
      ),
    lockTimeout: duration('2s', 'How long a statement may wait for a lock before it gives up.'),
    statementTimeout: duration('15min', 'How long a statement may run.'),
    retryFor: duration('2min', 'How long a migration that met a lock time-out is tried again.'),
    applyLockTimeout: duration('1min', 'How long to wait while somebody else migrates this database.'),
    approvals: approvals.optional(),
    fleet: fleet.optional(),
  })
  .describe('One database, or one set of alike databases, and its migrations.');

const kept = z
  .strictObject({
    days: z
      .int()
      .min(0)
      .max(36_500)
      .default(30)
      .describe('How many days it stays before `plinth kept purge` removes it.'),
  })
  .describe('The data that migrations would have destroyed, kept for a rollback.');

const telemetry = z
  .strictObject({
    otlpEndpoint: z
      .string()
      .optional()
      .describe('The OTLP/HTTP collector, such as http://localhost:4318; else OTEL_EXPORTER_OTLP_ENDPOINT.'),
    prometheusFile: z
      .string()
      .optional()
      .describe(
        'Write metrics to this file after each run, from the project’s root, for a node exporter; its name ends in .prom.',
      ),
    serviceName: z
      .string()
      .min(1)
      .optional()
      .describe('service.name of the spans and metrics; else OTEL_SERVICE_NAME, else plinth.'),
    spansPerRun: z
      .int()
      .min(0)
      .max(100_000)
      .default(1_000)
      .describe('How many spans a run may make, one for each migration and each statement.'),
  })
  .describe('Where spans, metrics and logs go.');

const bundles = z
  .strictObject({
    trusted: z
      .array(z.string().min(1))
      .default([])
      .describe('Public keys whose signature a bundle must have to be applied: ssh-ed25519 AAAA… name.'),
    trustedFile: z.string().min(1).optional().describe('A file of more such lines, from the project’s root.'),
  })
  .describe('Whose bundles of migrations are applied.');

const docs = z
  .strictObject({
    folder: z
      .string()
      .min(1)
      .default('db/docs')
      .describe('The folder of the generated documents, from the project’s root.'),
    site: z
      .string()
      .min(1)
      .optional()
      .describe('The folder of the static site, from the project’s root; none is made without it.'),
    domains: z
      .record(
        z.string().min(1),
        z.array(
          z.string().regex(/^[^.]+\..+$/, {
            error: 'schema.table was wanted, where * stands for any characters',
          }),
        ),
      )
      .default({})
      .describe(
        'The parts of the schema by name, each with its tables as schema.table, where * stands for any characters. Diagrams and the site group tables by them; a table of none is grouped by its schema.',
      ),
  })
  .describe('The dictionary, the diagrams and the site, which `plinth docs build` writes.');

const usage = z
  .strictObject({
    partitionsAhead: duration('14d', 'For how long ahead `plinth maintain` makes the partitions of events.'),
    lateAfter: duration(
      '15min',
      'How late rollups and other upkeep may be before `plinth health` and `plinth maintain` call it late.',
    ),
    failAfter: z
      .string()
      .refine((value) => parseDuration(value) !== undefined, { error: DURATION })
      .transform((value) => parseDuration(value)!)
      .optional()
      .describe(
        'How late upkeep may be before `plinth health` calls the project unfit for use; it never does unless given.',
      ),
    history: z
      .strictObject({
        store: z
          .string()
          .min(1)
          .describe('Where the files go: a folder from the project’s root, or s3://bucket/prefix.'),
        sealAfter: duration(
          '35d',
          'How old a day is when `plinth maintain` moves its events to the history.',
        ),
        keepReplaced: duration(
          '1d',
          'How long a file stays in the store after one with late events has taken its place.',
        ),
      })
      .optional()
      .describe('Old days of usage events as Parquet files; without it they stay in the database.'),
  })
  .describe('The upkeep of usage events.');

const types = z
  .strictObject({
    style: z
      .enum(['typescript', 'kysely', 'zod'])
      .default('typescript')
      .describe('Interfaces, tables for Kysely, or Zod schemas.'),
    file: z
      .string()
      .min(1)
      .optional()
      .describe('The file that is written, from the project’s root; the types are printed without it.'),
    brandedIds: z.boolean().default(false).describe('The ids of each table are a type of their own.'),
    bigints: z
      .enum(['string', 'bigint', 'number'])
      .default('string')
      .describe('What the driver gives for bigint; node-postgres by itself gives text.'),
    parsesOwnTypes: z
      .boolean()
      .default(false)
      .describe('The driver parses composite types, and arrays of types that the schema defines.'),
    json: z
      .record(
        z.string(),
        z.string().regex(/^[^#]+#[A-Za-z_$][\w$]*$/, {
          error: 'a module and a type were wanted: ./settings.js#Settings',
        }),
      )
      .default({})
      .describe('The types of JSON columns by schema.table.column, as module#Type.'),
  })
  .describe('The TypeScript that `plinth types` writes.');

export const settingsSchema = z.strictObject({
  version: z.literal(1).describe('The version of this format.'),
  project: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, {
      error: 'lower-case letters, digits and hyphens were wanted, up to 63',
    })
    .describe('The name of the project.'),
  targets: z
    .record(
      z
        .string()
        .regex(/^[a-z][a-z0-9_-]{0,62}$/, { error: 'lower-case letters, digits, _ and - were wanted' }),
      target,
    )
    .refine((targets) => Object.keys(targets).length > 0, { error: 'at least one target was wanted' })
    .describe('The databases by name.'),
  embedded: z
    .strictObject({
      port: z
        .int()
        .min(1024)
        .max(65535)
        .optional()
        .describe('A fixed port; a free one is chosen without it.'),
      database: z
        .string()
        .min(1)
        .default('plinth')
        .describe('The database that targets without a url share.'),
    })
    .prefault({})
    .describe('The embedded PostgreSQL, used where a target has no url.'),
  docs: docs.prefault({}),
  types: types.prefault({}),
  kept: kept.prefault({}),
  telemetry: telemetry.prefault({}),
  usage: usage.prefault({}),
  bundles: bundles.prefault({}),
});

/** The validated settings, defaults filled in and durations in milliseconds. */
export type Settings = z.output<typeof settingsSchema>;
export type TargetSettings = Settings['targets'][string];

/** The JSON Schema of `plinth.yaml`, for editors. */
export function settingsJsonSchema(): object {
  return z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any', target: 'draft-7' });
}
