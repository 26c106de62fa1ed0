/**
 * Every attribute that a span or a metric of Plinth may carry. Names of the OpenTelemetry semantic conventions
 * (database, errors, server) are used where they have one; the rest is under `plinth.`. `docs/telemetry.md` is
 * made from this list, and the type of attributes comes from it: one that is not documented does not compile.
 *
 * Values are names, numbers and codes. SQL appears only with its constants masked; messages never appear.
 */
import type { Described } from './described.js';

export const ATTRIBUTES = {
  'db.system.name': { means: 'The database system: `postgresql`.' },
  'db.namespace': { means: 'The name of the database.' },
  'db.operation.name': { means: 'The command, e.g. `CREATE TABLE`.' },
  'db.query.text': { means: 'The statement, its constants as `?`, at most 2,000 characters.' },
  'db.response.returned_rows': { means: 'Rows that a query returned.' },
  'db.response.status_code': { means: 'The SQLSTATE with which the server refused.' },
  'error.type': {
    means: 'The code of the error (docs/errors.md), on a statement the SQLSTATE. Absent on success.',
  },
  'server.address': { means: 'The host of the database, or the folder of its socket.' },
  'server.port': { means: 'The port of the database.' },
  'plinth.target': { means: 'The target, as plinth.yaml names it.' },
  'plinth.member': { means: 'Which database or schema of a fleet; absent elsewhere.' },
  'plinth.schema': { means: 'The schema, where a target is migrated schema by schema.' },
  'plinth.action': { means: 'What a run does: `apply`, `rollback`, `baseline`, `adopt`, `repair`.' },
  'plinth.run_id': { means: 'The id of the run in the ledger.' },
  'plinth.migrations': { means: 'How many migrations the run took up or down.' },
  'plinth.migration.version': { means: 'The version of the migration.' },
  'plinth.migration.name': { means: 'The rest of its file name.' },
  'plinth.migration.direction': { means: '`up` or `down`.' },
  'plinth.migration.resumed': { means: 'An earlier run had been interrupted in it.' },
  'plinth.statement': { means: 'The place of the statement in its script, from 1.' },
  'plinth.statements': { means: 'How many statements of the migration ran, those of failed tries included.' },
  'plinth.rows': { means: 'Rows that were changed, or read from a file.' },
  'plinth.kept.rows': { means: 'Rows that were kept before statements destroyed them.' },
  'plinth.kept.bytes': { means: 'Bytes of what was kept.' },
  'plinth.kept.restored': { means: 'Kept rows that were put back.' },
  'plinth.kept.unplaced': { means: 'Kept rows that could not be put back, and stay kept.' },
  'plinth.retries': { means: 'How often the migration was tried again because others held its locks.' },
  'plinth.lock_wait_ms': { means: 'Milliseconds seen waiting for locks, to half a second.' },
  'plinth.blockers': { means: 'How many sessions it was seen waiting for.' },
  'plinth.spans_dropped': {
    means: 'How many spans were left out because the run had made as many as it may.',
  },
  'plinth.schema.version': { means: 'The newest applied version.' },
  'plinth.drift.state': { means: '`none`, `drifted` or `unknown`.' },
  'plinth.drift.differences': { means: 'How many objects differ.' },
  'plinth.seed.organizations': { means: 'How many organizations were asked for.' },
  'plinth.seed.inserted': { means: 'Rows that were inserted.' },
  'plinth.grain': { means: 'The grain of a rollup: `minute`, `hour`, `day`, `month`.' },
  'plinth.grains': { means: 'The grains that were rolled up.' },
  'plinth.rows_inserted': { means: 'Rows that were new.' },
  'plinth.upkeep.step': {
    means:
      'Which step of upkeep: `usage partitions`, `rollups`, `history`, `replaced files`, `retention`, `audit partitions`, `reservations`.',
  },
  'plinth.rollup': { means: 'A rollup, by the name of its declaration.' },
  'plinth.usage.outcome': {
    means: '`inserted`; `duplicate`: there already; `rejected`: no valid event, and set aside.',
  },
  'plinth.health.status': { means: '`ok`, `degraded` or `failing`.' },
} as const satisfies Readonly<Record<string, Described>>;

export type AttributeName = keyof typeof ATTRIBUTES;

export type AttributeValue = string | number | boolean | readonly string[];

export type Attributes = { readonly [Name in AttributeName]?: AttributeValue | undefined };
