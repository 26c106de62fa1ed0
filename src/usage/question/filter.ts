/** Which usage a question is about. */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import { USAGE_ERRORS } from '../errors.js';
import { isUuid } from '../event-id.js';
import { sourceColumn } from '../rollup/source-columns.js';
import type { Statement } from './statement.js';

export interface UsageFilter {
  readonly organizationId?: string;
  /** Only models of that provider. */
  readonly provider?: string;
  /** Only models of that name. */
  readonly model?: string;
  readonly apiKeyId?: string;
  readonly userId?: string;
}

/** What columns must hold: one of these values; null is one. */
export type ColumnFilter = Readonly<Record<string, readonly (string | number | null)[]>>;

/** @throws USAGE_OPTION_INVALID for an id that is no UUID */
export async function columnFilter(session: Session, filter: UsageFilter): Promise<ColumnFilter> {
  const { organizationId, apiKeyId, userId } = filter;
  for (const [option, id] of Object.entries({ organizationId, apiKeyId, userId })) {
    if (id !== undefined && !isUuid(id)) {
      throw USAGE_ERRORS.OPTION_INVALID({
        message: `Cannot read usage: the option ${option} has another form (a UUID was wanted)`,
        details: { option },
      });
    }
  }
  const models = await chosenModels(session, filter);
  return {
    ...(organizationId === undefined ? {} : { organization_id: [organizationId] }),
    ...(models ? { model_id: models } : {}),
    ...(apiKeyId === undefined ? {} : { api_key_id: [apiKeyId] }),
    ...(userId === undefined ? {} : { user_id: [userId] }),
  };
}

/** The filter as a condition on columns of `e`. */
export function filterSql(filter: ColumnFilter, to: Statement): string {
  const conditions = Object.entries(filter).map(([name, values]) => {
    const column = `e.${quoteIdentifier(name)}`;
    const { type } = sourceColumn(name)!;
    const known = values.filter((value) => value !== null);
    const isKnown =
      known.length === 1 ? `${column} = ${to.value(known[0], type)}` : to.isOneOf(column, known, type);
    return known.length === values.length ? isKnown : `(${isKnown} or ${column} is null)`;
  });
  return conditions.length === 0 ? 'true' : conditions.join(' and ');
}

/** The numbers of the models that are asked for; `undefined` for all. */
async function chosenModels(
  session: Session,
  { provider, model }: UsageFilter,
): Promise<number[] | undefined> {
  if (provider === undefined && model === undefined) {
    return undefined;
  }
  const rows = await session.query<{ id: number }>(
    'select id from analytics.models where provider = coalesce($1, provider) and name = coalesce($2, name)',
    [provider, model],
  );
  return rows.map((row) => row.id);
}
