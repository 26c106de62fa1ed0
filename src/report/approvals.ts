/** Approvals as a person reads them. */
import type { Style } from './style.js';
import { formatTime, plural } from './units.js';

interface RiskView {
  readonly risk: string;
  readonly reason: string;
  readonly line: number | undefined;
}

export interface VerdictView {
  readonly version: string;
  readonly name: string;
  readonly risks: readonly RiskView[];
  readonly needed: readonly { readonly risk: string; readonly required: number; readonly given: number }[];
  readonly given: readonly {
    readonly approver: string;
    readonly approvedAt: Date;
    readonly covers: readonly string[];
  }[];
  readonly void: readonly { readonly file: string; readonly reason: string }[];
  readonly approved: boolean;
}

export interface ApprovalsView {
  readonly target: string;
  readonly migrations: readonly VerdictView[];
  readonly unreadable: readonly string[];
}

/** How the pending migrations of a target stand with their approvals. */
export function approvalsText(report: ApprovalsView, style: Style): string {
  const waiting = report.migrations.filter(({ approved }) => !approved).length;
  const verdict =
    report.migrations.length === 0
      ? 'nothing is pending'
      : waiting === 0
        ? style.good('nothing waits for an approval')
        : style.warn(`${plural(waiting, 'migration')} of ${report.migrations.length} waiting for approvals`);
  return [
    style.strong(report.target),
    ...report.migrations.flatMap((migration) => verdictLines(migration, style)),
    ...report.unreadable.map((text) => style.warn(`  note: ${text}`)),
    `  ${verdict}`,
  ].join('\n');
}

/** One migration: its risks, then what it needs and has. */
function verdictLines(verdict: VerdictView, style: Style): string[] {
  const title = `  ${verdict.approved ? style.good('✓') : style.bad('✗')} ${style.strong(`${verdict.version}_${verdict.name}`)}`;
  return [
    verdict.risks.length === 0 ? `${title}  ${style.faint('no risk')}` : title,
    ...approvalLines(verdict, style),
  ];
}

/** The same without the title: for a plan, which has its own. */
export function approvalLines(verdict: VerdictView, style: Style): string[] {
  return [
    ...verdict.risks.map(({ risk, reason, line }) => {
      const place = line === undefined ? '' : style.faint(`  line ${line}`);
      return `      ${style.warn(risk)}  ${reason}${place}`;
    }),
    ...verdict.needed.map(({ risk, required, given }) => {
      const count = `${given} of ${plural(required, 'approval')}`;
      return `      ${risk}: ${given < required ? style.bad(count) : style.good(count)}`;
    }),
    ...verdict.given.map(
      ({ approver, approvedAt }) => `      approved by ${approver}, ${formatTime(approvedAt)} UTC`,
    ),
    ...verdict.void.map(({ file, reason }) => style.bad(`      void: ${file}: ${reason}`)),
  ];
}

export interface ApprovedView {
  readonly version: string;
  readonly name: string;
  readonly approver: string;
  readonly fingerprint: string;
  readonly upRisks: readonly RiskView[];
  readonly downRisks: readonly RiskView[];
  readonly file: string;
}

/** An approval that was given: what of, and where it is kept. */
export function approvedText(approval: ApprovedView, style: Style): string {
  const risks = (direction: string, findings: readonly RiskView[]): string[] =>
    findings.map(({ risk, reason }) => `  ${direction}  ${style.warn(risk)}  ${reason}`);
  return [
    `${style.good('approved')} ${style.strong(`${approval.version}_${approval.name}`)} as ${approval.approver} ${style.faint(approval.fingerprint)}`,
    ...risks('up  ', approval.upRisks),
    ...risks('down', approval.downRisks),
    `  ${approval.file}`,
  ].join('\n');
}
