import type { Command } from './command.js';
import { apply } from './commands/apply.js';
import { dbPsqlCommand } from './commands/db-psql-command.js';
import { dbStart } from './commands/db-start.js';
import { dbStatus } from './commands/db-status.js';
import { dbStop } from './commands/db-stop.js';
import { dbUrl } from './commands/db-url.js';
import { newCommand } from './commands/new.js';
import { plan } from './commands/plan.js';
import { rollback } from './commands/rollback.js';
import { seed } from './commands/seed.js';
import { status } from './commands/status.js';
import { validate } from './commands/validate.js';

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  status,
  plan,
  apply,
  rollback,
  newCommand,
  validate,
  seed,
  dbStart,
  dbStop,
  dbStatus,
  dbUrl,
  dbPsqlCommand,
];
