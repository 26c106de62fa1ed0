/** The form of what `plinth prove --format json` prints, for those who read it with a program. */
import { z } from 'zod';

const verdict = z.enum(['proven', 'proven with kept data', 'unproven', 'broken']);

const rowExample = z.strictObject({
  kind: z.enum(['lost row', 'added row', 'changed cell', 'lost cell']),
  row: z.record(z.string(), z.string().nullable()).describe('The cells that tell the row apart, as text.'),
  column: z.string().optional(),
  before: z.string().nullable().optional(),
  after: z.string().nullable().optional(),
});

const loss = z.strictObject({
  table: z.string().describe('`schema.name`'),
  rowsLost: z.int(),
  rowsAdded: z.int(),
  cellsChanged: z.int(),
  columnsLost: z.array(z.string()).describe('Columns whose values are gone.'),
  example: rowExample.optional().describe('The smallest there is.'),
});

const difference = z.strictObject({
  change: z.enum(['left behind', 'missing', 'changed']),
  object: z.string().describe('Kind and name, e.g. `index public.stray`.'),
  properties: z.array(z.strictObject({ property: z.string(), was: z.string(), is: z.string() })),
});

const reason = z.strictObject({
  kind: z.enum([
    'up-fails',
    'up-refuses-rows',
    'down-fails',
    'down-refuses-rows',
    'no-down',
    'irreversible',
    'schema-differs',
    'rows-lost',
    'rows-left',
    'sequence-set-back',
    'view-emptied',
    'reapply-fails',
    'reapply-schema-differs',
    'reapply-rows-lost',
    'reapply-rows-doubled',
    'interruption-differs',
    'keep-off',
    'not-filled',
    'not-reached',
  ]),
  breaks: z.boolean().describe('It makes the migration broken; else it only leaves it unproven.'),
  message: z.string(),
  differences: z.array(difference).optional(),
  loss: loss.optional(),
});

const lock = z.strictObject({
  relation: z.string().describe('`schema.name`'),
  kind: z.enum(['table', 'index', 'materialized view', 'view', 'sequence', 'other']),
  lock: z.string().describe('As the PostgreSQL manual writes it, e.g. `ACCESS EXCLUSIVE`.'),
  isShared: z.boolean().describe('It was there before the script: others may be using it.'),
  blocksReads: z.boolean(),
  blocksWrites: z.boolean(),
});

const statement = z.strictObject({
  number: z.int().describe('From 1.'),
  line: z.int(),
  tag: z.string(),
  sql: z.string(),
  measured: z
    .strictObject({
      number: z.int(),
      startMs: z.number().describe('From the beginning of the first statement, by the server’s clock.'),
      durationMs: z.number(),
      alone: z.boolean().describe('No transaction holds it.'),
      locks: z.array(lock).describe('Those it took, as far as they are stronger than what was held already.'),
      rewrites: z.array(z.string()).describe('Tables of before that were written anew into another file.'),
      rows: z.int().describe('Rows inserted, updated and deleted.'),
      walBytes: z.number().describe('Bytes written to the write-ahead log.'),
    })
    .optional()
    .describe('Absent where it was not reached.'),
  disagreements: z.array(z.string()).describe('Where `plinth plan` says otherwise, a sentence each.'),
});

const heldUp = z.strictObject({
  ms: z.number(),
  table: z.string().optional(),
  statements: z.int().describe('How many statements were run beside the script.'),
});

const script = z.strictObject({
  file: z.string(),
  durationMs: z.number(),
  statements: z.array(statement),
  load: z.strictObject({ reader: heldUp, writer: heldUp }).describe('The longest that each had to wait.'),
});

const migration = z.strictObject({
  version: z.string(),
  name: z.string(),
  file: z.string(),
  verdict,
  reasons: z.array(reason).describe('Why it is not proven; empty where it is.'),
  remarks: z.array(z.string()).describe('Worth knowing, and nothing against it.'),
  up: script.optional(),
  down: script.optional(),
  data: z.strictObject({
    tables: z.int(),
    rows: z.int(),
    rowsWritten: z.int().describe('Between apply and rollback.'),
    cellsCompared: z.int(),
    unfilled: z.array(z.strictObject({ table: z.string(), reason: z.string() })),
  }),
  keptTables: z.int(),
  interruptions: z.strictObject({
    tried: z.int().describe('Statements after which a script was cut off and finished by the next run.'),
    statements: z.int(),
  }),
  proposedDown: z
    .strictObject({ sql: z.string(), verdict, file: z.string(), written: z.boolean().optional() })
    .optional(),
  durationMs: z.number(),
});

const proof = z.strictObject({
  target: z.string(),
  folder: z.string(),
  serverVersion: z.string(),
  migrations: z.array(migration),
  counts: z.record(verdict, z.int()),
  notices: z.array(z.string()),
  durationMs: z.number(),
});

/** What the command prints. */
export const proofDocument = z
  .strictObject({
    kind: z.literal('prove'),
    version: z.literal(1),
    data: z.array(proof).describe('One a target.'),
  })
  .describe('What `plinth prove --format json` prints.');

/** The same as a JSON Schema. */
export function proofJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(proofDocument);
}
