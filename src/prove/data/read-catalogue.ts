import { readSchema } from '../../catalog/index.js';
import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import type { SchemaModel } from '../../schema/index.js';
import { loadParser } from '../../sql/index.js';
import type { PartitionFacts, TypeFacts, Types } from './type-facts.js';

/** All that filling tables reads from the catalogue. */
export interface FillCatalogue {
  readonly model: SchemaModel;
  readonly types: Types;
  readonly partitions: readonly PartitionFacts[];
}

/** Reads it, inside the caller's transaction and with an empty search path. */
export async function readCatalogue(
  session: Session,
  model: SchemaModel | undefined,
): Promise<FillCatalogue> {
  await loadParser();
  const name = session.isDirect ? { name: 'plinth_fill_catalogue' } : {};
  const [row] = await session.query<{ types: TypeFacts[]; partitions: PartitionFacts[] }>(
    readPackageFile('src/prove/data/catalogue.sql'),
    [],
    name,
  );
  return {
    model: model ?? (await readSchema(session, { insideTransaction: true })),
    types: new Map(row!.types.map((facts) => [facts.type, facts])),
    partitions: row!.partitions,
  };
}
