/** Whether an expression may give another value for each row: what PostgreSQL calls volatile. */
import type { Node } from 'libpg-query';
import type { EffectContext } from './effect.js';
import { type NodeBody, namesOf } from './node.js';
import type { Certainty } from './type-change.js';

/** `no` for constants, `now()` and other stable functions; `maybe` for functions that are not known. */
export function expressionIsVolatile(context: EffectContext, expression: Node | undefined): Certainty {
  const answers = calledFunctions(expression).map((parts) => functionIsVolatile(context, parts));
  return answers.includes('yes') ? 'yes' : answers.includes('maybe') ? 'maybe' : 'no';
}

function functionIsVolatile(context: EffectContext, parts: readonly string[]): Certainty {
  const known = context.facts?.isVolatile?.(parts);
  if (known !== undefined) {
    return known ? 'yes' : 'no';
  }
  const name = parts.at(-1)!;
  return VOLATILE.has(name) ? 'yes' : STEADY.has(name) ? 'no' : 'maybe';
}

const VOLATILE: ReadonlySet<string> = new Set(
  'clock_timestamp currval gen_random_bytes gen_random_uuid lastval nextval random random_normal setseed setval timeofday uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 uuidv4 uuidv7'.split(
    ' ',
  ),
);

/** Stable and immutable functions that defaults are made of. */
const STEADY: ReadonlySet<string> = new Set(
  'abs array_append array_cat array_to_json array_to_tsvector btrim ceil coalesce concat current_database current_schema current_setting date_part date_trunc floor format greatest interval json_array json_build_array json_build_object json_object jsonb_build_array jsonb_build_object jsonb_object least left length lower lpad make_date make_interval make_timestamptz md5 now nullif repeat replace right round row_to_json rpad sha256 split_part statement_timestamp string_to_array timezone to_char to_date to_json to_jsonb to_number to_timestamp to_tsvector transaction_timestamp trim upper version'.split(
    ' ',
  ),
);

function calledFunctions(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, child]) =>
    key === 'FuncCall'
      ? [namesOf((child as NodeBody<'FuncCall'>).funcname), ...calledFunctions(child)]
      : calledFunctions(child),
  );
}
