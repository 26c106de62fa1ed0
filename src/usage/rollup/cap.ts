/**
 * A tenant that invents keys must not fill the rollups: of a capped dimension, one bucket of one organization keeps
 * its `at` values with the most events, of equals the lower value, and the rows of all others become one value. Null
 * is no invention and stays. What is folded follows from the events alone, so any order and any split of them gives
 * the same rows, and so does every engine.
 *
 * The rows are computed as if there were no cap, once; hardly ever is anything to be folded, so what looks for it is
 * cheap: rows counted by a hash of the organization, and only where one of these has more rows than the least cap are
 * organizations looked at. Only an organization with as many rows is ranked and added up again.
 */
import { quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import { type CompileOptions, dialectOf, eventsQuery, mergeQuery, rollupColumns } from './compile.js';
import type { EngineName } from './dialect.js';
import { otherValue } from './other-value.js';
import { type Cap, type Rollup, storedMeasures } from './rollup.js';

/** The table where PostgreSQL keeps which caps have bitten. */
export const CAPS_TABLE = 'analytics.rollup_caps';

/** The rows of a rollup of events, folded where they are beyond its caps. */
export function cappedQuery(rollup: Rollup, options: CompileOptions): string {
  const { before, rows } = cappedParts(rollup, options);
  return `with ${before}\n${rows}`;
}

/** The same in parts: queries by name that stand behind `with`, and the rows made of them. */
export function cappedParts(
  rollup: Rollup,
  options: CompileOptions,
): { readonly before: string; readonly rows: string } {
  const { engine } = options;
  const columns = rollupColumns(rollup).map(quoteIdentifier);
  const least = Math.min(...rollup.caps.map(({ at }) => at));
  const before = [
    `uncapped as materialized (\n${eventsQuery(rollup, options)}\n)`,
    `crowded as materialized (\n${crowdedSql(engine, least)}\n)`,
    ...rollup.caps.map((cap) => `${foldedName(cap)} as materialized (\n${foldedSql(rollup, cap, engine)}\n)`),
  ].join(',\n');
  return {
    before,
    rows: `select ${columns.join(', ')}
from uncapped as u
where not exists (
  select 1 from crowded as c where c.bucket_start = u.bucket_start and c.organization_id = u.organization_id
)
union all
${mergeQuery(rollup, { engine, from: `(\n${renamedSql(rollup, engine)}\n)` })}`,
  };
}

/** What was folded, for `CAPS_TABLE`: a row for each bucket, organization and dimension. */
export function foldedCountsSql({ name, caps }: Rollup): string {
  return caps
    .map(
      (
        cap,
      ) => `select bucket_start, organization_id, count(*) as folded_values, sum(events)::bigint as folded_events,
  ${cap.at} as at_most, ${quoteLiteral(name)} as rollup, ${quoteLiteral(cap.column.name)} as dimension
from ${foldedName(cap)}
group by bucket_start, organization_id`,
    )
    .join('\nunion all\n');
}

function foldedName({ column }: Cap): string {
  return quoteIdentifier(`folded_${column.name}`);
}

/** The buckets of organizations with so many rows that a cap may bite. */
function crowdedSql(engine: EngineName, least: number): string {
  const slot = dialectOf(engine).slot('organization_id');
  return `select bucket_start, organization_id
from uncapped
where ${slot} in (select ${slot} from uncapped group by 1 having count(*) > ${least})
group by bucket_start, organization_id
having count(*) > ${least}`;
}

/** The values beyond a cap, and how many events each has. */
function foldedSql(rollup: Rollup, { column, at }: Cap, engine: EngineName): string {
  const value = quoteIdentifier(column.name);
  const total = storedMeasures(rollup).find((measure) => measure.kind === 'count' && !measure.where)!;
  const events = `sum(u.${quoteIdentifier(total.name)})`;
  const inOrder = dialectOf(engine).ordered(`u.${value}`, column.type);
  return `select bucket_start, organization_id, ${value}, events
from (
  select u.bucket_start, u.organization_id, u.${value}, ${events} as events,
    row_number() over (partition by u.bucket_start, u.organization_id order by ${events} desc, ${inOrder}) as place
  from uncapped as u
  join crowded as c on c.bucket_start = u.bucket_start and c.organization_id = u.organization_id
  where u.${value} is not null
  group by u.bucket_start, u.organization_id, u.${value}
) as ranked
where place > ${at}`;
}

/** The rows of crowded organizations, with what is beyond a cap under its new value. */
function renamedSql(rollup: Rollup, engine: EngineName): string {
  const dialect = dialectOf(engine);
  const columns = rollupColumns(rollup).map((name) => {
    const cap = rollup.caps.find(({ column }) => column.name === name);
    const own = `u.${quoteIdentifier(name)}`;
    if (!cap) {
      return own;
    }
    const other = `${quoteLiteral(String(otherValue(cap.column)))}::${dialect.type(cap.column.type)}`;
    return `case when ${foldedName(cap)}.events is null then ${own} else ${other} end as ${quoteIdentifier(name)}`;
  });
  const joins = rollup.caps.map((cap) => {
    const name = foldedName(cap);
    const same = ['bucket_start', 'organization_id', cap.column.name].map(
      (column) => `${name}.${quoteIdentifier(column)} = u.${quoteIdentifier(column)}`,
    );
    return `left join ${name} on ${same.join(' and ')}`;
  });
  return `select ${columns.join(', ')}
from uncapped as u
join crowded as c on c.bucket_start = u.bucket_start and c.organization_id = u.organization_id
${joins.join('\n')}`;
}
