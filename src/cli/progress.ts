/**
 * Draws progress on standard error: on a terminal one line that changes in place, elsewhere a line for each
 * message and one every few seconds for long work. Nothing is drawn for work under a second.
 */
import type { OnProgress, ProgressEvent } from '../core/index.js';
import { bar, formatCount, formatDuration, type Style } from '../report/index.js';

export interface ProgressDisplay {
  readonly onProgress: OnProgress;
  /** Removes the changing line, so that something else can be printed. */
  clear(): void;
}

/** Draws nothing. */
export const noProgress: ProgressDisplay = { onProgress: () => {}, clear: () => {} };

interface Task {
  readonly startedMs: number;
  drawnMs: number;
}

const REDRAW_MS = { terminal: 80, log: 5000 } as const;
const QUIET_MS = 700;

export function progressDisplay(stream: NodeJS.WriteStream, style: Style): ProgressDisplay {
  const terminal = stream.isTTY === true;
  const tasks = new Map<string, Task>();
  let drawn = false;
  const clear = (): void => {
    if (drawn) {
      stream.write('\r\x1b[2K');
      drawn = false;
    }
  };
  const onProgress: OnProgress = (event) => {
    const now = performance.now();
    const task = tasks.get(event.task) ?? { startedMs: now, drawnMs: now };
    tasks.set(event.task, task);
    if (event.message) {
      clear();
      stream.write(`${event.message}\n`);
    }
    if (event.state === 'done') {
      tasks.delete(event.task);
      clear();
      return;
    }
    const due = now - task.drawnMs >= (terminal ? REDRAW_MS.terminal : REDRAW_MS.log);
    if (due && now - task.startedMs >= QUIET_MS) {
      task.drawnMs = now;
      clear();
      stream.write(`${progressLine(event, now - task.startedMs, style)}${terminal ? '' : '\n'}`);
      drawn = terminal;
    }
  };
  return { onProgress, clear };
}

function progressLine(event: ProgressEvent, elapsedMs: number, style: Style): string {
  const { done, total, unit = '' } = event;
  if (done === undefined) {
    return `  ${event.task} … ${style.faint(formatDuration(elapsedMs))}`;
  }
  const rate = (done / elapsedMs) * 1000;
  const speed = style.faint(`${formatCount(Math.round(rate))} ${unit}/s`);
  if (!total) {
    return `  ${event.task}  ${formatCount(done)} ${unit}  ${speed}`;
  }
  const left = rate > 0 ? `, ${formatDuration(((total - done) / rate) * 1000)} left` : '';
  const share = `${String(Math.floor((done / total) * 100)).padStart(3)} %`;
  return `  ${event.task}  ${style.accent(bar(done, total, 20).padEnd(20, '·'))} ${share}  ${formatCount(done)} of ${formatCount(total)} ${unit}  ${speed}${style.faint(left)}`;
}
