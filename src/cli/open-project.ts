import { open, type Plinth } from '../project/index.js';
import type { CommandContext } from './command.js';

/** The project that a command works on, with the command's progress and interruption. */
export function openProject(context: CommandContext): Promise<Plinth> {
  const { onProgress, signal } = context;
  return open({ ...context.project, onProgress, signal, sendTelemetry: true });
}
