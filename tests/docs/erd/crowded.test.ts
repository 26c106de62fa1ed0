import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { expect, test } from 'vitest';
import { diagramOf } from '../../../src/docs/erd/diagram.js';
import { pictureOf } from '../../../src/docs/erd/picture/picture.js';
import { emptyModel, type SchemaModel, type Table } from '../../../src/schema/index.js';

const TABLES = 500;
/** Without a common divisor with the number of tables, so that references go everywhere. */
const STEPS = [7, 131, 293, 411];

test('five hundred tables with four references each are drawn: what lines cannot show is told in words', async () => {
  const diagram = diagramOf(crowdedModel());
  const { boxes, wires, links, loops } = pictureOf(await Graphviz.load(), diagram, 'names');
  expect(boxes).toHaveLength(TABLES);
  expect(wires.length).toBeLessThanOrEqual(250);
  expect(wires.length + links.length + loops.length).toBe(TABLES * STEPS.length);
});

function crowdedModel(): SchemaModel {
  return { ...emptyModel(18), tables: Array.from({ length: TABLES }, (_, index) => tableOf(index)) };
}

function tableOf(index: number): Table {
  return {
    kind: 'table',
    ...{ schema: 'public', name: `table_${index}`, owner: 'owner' },
    columns: [
      { kind: 'column', name: 'id', type: 'bigint', notNull: true },
      ...STEPS.map((_, step) => ({ kind: 'column' as const, name: `reference_${step}`, type: 'bigint' })),
    ],
    constraints: [
      { kind: 'primary key', name: `table_${index}_pk`, definition: '', columns: ['id'] },
      ...STEPS.map((distance, step) => ({
        kind: 'foreign key' as const,
        ...{ name: `table_${index}_fk_${step}`, definition: '', columns: [`reference_${step}`] },
        references: {
          schema: 'public',
          table: `table_${(index * (step + 1) + distance) % TABLES}`,
          columns: ['id'],
        },
      })),
    ],
    ...{ indexes: [], triggers: [], policies: [], rules: [], statistics: [] },
  };
}
