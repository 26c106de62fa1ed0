/**
 * What a long call tells while it runs. A feature emits events through the `onProgress` it was given and
 * never prints; the command line draws them, a library user may ignore them.
 */
export interface ProgressEvent {
  /** What is being done, e.g. `import usage`. Events of one task share it. */
  readonly task: string;
  readonly done?: number;
  readonly total?: number;
  /** What `done` counts: `rows`, `bytes`, `migrations`. */
  readonly unit?: string;
  /** A line worth keeping on screen, e.g. `applied 202611210600_organizations in 12 ms`. */
  readonly message?: string;
  readonly state?: 'running' | 'done';
}

export type OnProgress = (event: ProgressEvent) => void;

/** Does nothing: the default for `onProgress`. */
export const silent: OnProgress = () => {};
