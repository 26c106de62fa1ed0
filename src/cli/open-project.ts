import { open, type Plinth } from '../project/index.js';
import type { CommandContext } from './command.js';

/** The project that a command works on, with the command's progress and interruption. */
export function openProject(context: CommandContext): Promise<Plinth> {
  return open({ ...context.project, onProgress: context.onProgress, signal: context.signal });
}
