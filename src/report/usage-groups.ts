/** Usage by organization, model, key or user as a person reads it. */
import { bar } from './chart.js';
import type { Style } from './style.js';
import { type Column, table } from './table.js';
import {
  BAR_COLUMNS,
  beforeText,
  CHANGE_COLUMN,
  cells,
  changeCells,
  type Range,
  type SourceView,
  SUM_COLUMNS,
  type Sums,
  sourceLines,
} from './usage-sums.js';
import { formatZonedTime } from './zoned-time.js';

export interface GroupsView {
  readonly by: string;
  readonly measure: string;
  readonly range: Range;
  readonly timeZone: string;
  readonly source: SourceView;
  readonly groups: readonly (Sums & {
    readonly key: Readonly<Record<string, string | number | null>>;
    readonly share: number;
    readonly before?: Sums;
  })[];
  readonly total: Sums;
  readonly before?: { readonly range: Range; readonly total: Sums };
}

/** The groups, a row each, a bar for its share of what ranks. */
export function groupsText(answer: GroupsView, style: Style): string {
  const { groups, total, before, timeZone, range, source } = answer;
  const change = (now: Sums, then: Sums | undefined): string[] =>
    changeCells(before !== undefined, now, then, style);
  const rows = groups.map((group) => [
    `  ${groupName(answer.by, group.key)}`,
    ...cells(group, style),
    ...change(group, group.before),
    `${(group.share * 100).toFixed(1)} %`,
    style.accent(bar(group.share, groups[0]!.share, BAR_COLUMNS)),
  ]);
  const last = ['  total', ...cells(total, style)].map((cell) => style.strong(cell));
  const columns: readonly Column[] = [
    { title: `  ${answer.by}` },
    ...SUM_COLUMNS,
    ...(before ? [CHANGE_COLUMN] : []),
    { title: `of ${answer.measure}`, align: 'right' },
    { title: '' },
  ];
  return [
    table(columns, [...rows, [...last, ...change(total, before?.total), '', '']], style.faint),
    style.faint(
      `  ${formatZonedTime(range.from, timeZone)} to ${formatZonedTime(range.to, timeZone)} ${timeZone}`,
    ),
    ...(before ? [style.faint(beforeText(before.range, timeZone))] : []),
    ...sourceLines(source, style),
  ].join('\n');
}

function groupName(by: string, key: GroupsView['groups'][number]['key']): string {
  const text = (name: string, otherwise: string): string => String(key[name] ?? otherwise);
  const organization = (): string => text('organization', text('organization_id', '?'));
  switch (by) {
    case 'organization':
      return organization();
    case 'model':
      return `${text('provider', '?')} ${text('model', '?')}`;
    case 'key':
      return `${organization()} ${text('key', text('api_key_id', 'no key'))}`;
    case 'user':
      return `${organization()} ${text('user_id', 'nobody known')}`;
    default:
      return text(by, 'not known');
  }
}
