import type { Routine } from '../../schema/index.js';
import { type Draft, remember } from './draft.js';
import { catalogKind } from './kind.js';
import { present, sorted } from './present.js';
import { written } from './written.js';

const KINDS = { f: 'function', p: 'procedure', a: 'aggregate', w: 'window function' } as const;
const VOLATILITIES = { v: undefined, s: 'stable', i: 'immutable' } as const;
const PARALLEL = { u: undefined, r: 'restricted', s: 'safe' } as const;

interface RoutineRow {
  readonly oid: number;
  readonly routine_kind: keyof typeof KINDS;
  readonly schema: string;
  readonly name: string;
  readonly signature: string;
  readonly arguments: string;
  readonly result: string | null;
  readonly language: string;
  readonly volatility: keyof typeof VOLATILITIES;
  readonly security_definer: boolean;
  readonly strict: boolean;
  readonly leakproof: boolean;
  readonly parallel: keyof typeof PARALLEL;
  readonly configuration: string[] | null;
  readonly definition: string | null;
  readonly owner: string;
}

export const routines = catalogKind<RoutineRow>({
  query: 'routines',
  add: (row, draft) => {
    const routine = present<Draft<Routine>>({
      kind: KINDS[row.routine_kind],
      schema: row.schema,
      name: row.name,
      signature: row.signature,
      arguments: row.arguments,
      result: row.result,
      language: row.language,
      volatility: VOLATILITIES[row.volatility],
      securityDefiner: row.security_definer,
      strict: row.strict,
      leakproof: row.leakproof,
      parallel: PARALLEL[row.parallel],
      configuration: sorted(row.configuration),
      definition: written(row.definition),
      owner: row.owner,
    });
    draft.model.routines.push(routine);
    remember(draft, 'pg_proc', row.oid, routine);
  },
});
