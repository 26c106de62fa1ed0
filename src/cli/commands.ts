import type { Command } from './command.js';
import { apply } from './commands/apply.js';
import { newCommand } from './commands/new.js';
import { plan } from './commands/plan.js';
import { rollback } from './commands/rollback.js';
import { status } from './commands/status.js';
import { validate } from './commands/validate.js';

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [status, plan, apply, rollback, newCommand, validate];
