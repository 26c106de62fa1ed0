import type { Form } from './migrations.js';
import type { Command } from './processes.js';

/** What a tool is to work on. */
export interface Place {
  /** The database's connection string. */
  readonly url: string;
  /** The folder of migrations, in the tool's form. */
  readonly folder: string;
  /** How many migrations there are. */
  readonly count: number;
}

/** A tool as it is measured. Each command is one process. */
export interface Tool {
  readonly name: string;
  readonly form: Form;
  /** Applies all. */
  up(place: Place): Command;
  /** Takes all back; absent where the tool has no such command. */
  readonly down?: (place: Place) => Command;
  /** Tells what is applied. */
  readonly status?: (place: Place) => Command;
  /** Reads its own figure from what the process printed, in seconds; else the process is timed whole. */
  readonly secondsIn?: (output: string) => number;
}
