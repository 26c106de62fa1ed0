import { readPackageFile } from '../core/index.js';
import type { Session } from '../database/index.js';

/** A model as events name it. */
export interface ModelName {
  readonly provider: string;
  readonly name: string;
}

/** The numbers of models in the dictionary, in the order asked; a model that is new is added. */
export async function modelIds(session: Session, models: readonly ModelName[]): Promise<number[]> {
  const known = await knownIds(session, models);
  if (known.length === models.length) {
    return known;
  }
  await session.query(readPackageFile('src/usage/models.sql'), columnsOf(models));
  return knownIds(session, models);
}

/** Fewer than asked when some are not in the dictionary. */
async function knownIds(session: Session, models: readonly ModelName[]): Promise<number[]> {
  const rows = await session.query<{ id: number }>(KNOWN_IDS, columnsOf(models), {
    name: 'plinth_model_ids',
  });
  return rows.map((row) => row.id);
}

function columnsOf(models: readonly ModelName[]): string[][] {
  return [models.map((model) => model.provider), models.map((model) => model.name)];
}

const KNOWN_IDS = `
  select known.id
  from unnest($1::text[], $2::text[]) with ordinality as asked (provider, name, place)
  join analytics.models as known on known.provider = asked.provider and known.name = asked.name
  order by asked.place`;
