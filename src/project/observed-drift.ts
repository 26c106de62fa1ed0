import type { DriftReport } from '../compare/index.js';
import { errorCodeOf, inSpan, log, observe, setGauge } from '../telemetry/index.js';

/** Looks for drift in the database of some targets, and records what was found for each of them. */
export async function observedDrift<Report extends DriftReport>(
  { names, member }: { readonly names: readonly string[]; readonly member: string | undefined },
  work: () => Promise<Report>,
): Promise<Report> {
  const startedMs = performance.now();
  return await inSpan('plinth.drift', { 'plinth.target': names, 'plinth.member': member }, async (span) => {
    try {
      const report = await work();
      const { state, differences } = report;
      span.setAttributes({ 'plinth.drift.state': state, 'plinth.drift.differences': differences.length });
      for (const name of names) {
        record(name, member, report);
      }
      return report;
    } catch (error) {
      for (const name of names) {
        const attributes = { 'plinth.target': name, 'error.type': errorCodeOf(error) };
        observe('plinth.drift.duration', (performance.now() - startedMs) / 1000, attributes);
      }
      throw error;
    }
  });
}

function record(
  target: string,
  member: string | undefined,
  { state, differences, durationMs }: DriftReport,
): void {
  const attributes = { 'plinth.target': target, 'plinth.member': member };
  observe('plinth.drift.duration', durationMs / 1000, { 'plinth.target': target });
  setGauge('plinth.drift.known', state === 'unknown' ? 0 : 1, attributes);
  if (state !== 'unknown') {
    setGauge('plinth.drift.differences', differences.length, attributes);
  }
  setGauge('plinth.drift.end_time', Math.round(Date.now() / 1000), attributes);
  log(state === 'drifted' ? 'warn' : 'info', 'drift.checked', {
    target,
    member,
    status: state,
    differences: differences.length,
    duration_ms: Math.round(durationMs),
  });
}
