import type { DataFingerprint, SequencePosition, TableFingerprint } from './data-fingerprint.js';

/** How the data of one table differs between two fingerprints. */
export interface TableDataChange {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'materialized view';
  /** `undefined` where the table is in one of the two only. */
  readonly rowsBefore: number | undefined;
  readonly rowsAfter: number | undefined;
  readonly columnsLost: readonly string[];
  readonly columnsAdded: readonly string[];
  /** The columns with other values, where both fingerprints were taken column by column. */
  readonly columnsChanged: readonly string[] | undefined;
}

export interface SequenceChange {
  readonly schema: string;
  readonly name: string;
  readonly before: SequencePosition | undefined;
  readonly after: SequencePosition | undefined;
}

export interface DataComparison {
  /** No table's rows differ, and no large object; sequences and materialized views are told, and do not count. */
  readonly isSame: boolean;
  readonly tables: readonly TableDataChange[];
  readonly materializedViews: readonly TableDataChange[];
  readonly sequences: readonly SequenceChange[];
  readonly largeObjectsChanged: boolean;
  readonly tablesCompared: number;
  /** Cells of tables that stand on both sides. */
  readonly cellsCompared: number;
}

/** What has become of the data between two fingerprints; tables are matched by their names. */
export function compareData(before: DataFingerprint, after: DataFingerprint): DataComparison {
  const pairs = pairsOf(before.tables, after.tables);
  const tables = pairs.flatMap(([a, b]) => tableChange('table', a, b));
  const largeObjectsChanged =
    before.largeObjects.count !== after.largeObjects.count ||
    before.largeObjects.hash !== after.largeObjects.hash;
  const common = pairs.filter(([a, b]) => a !== undefined && b !== undefined);
  return {
    isSame: tables.length === 0 && !largeObjectsChanged,
    tables,
    materializedViews: pairsOf(before.materializedViews, after.materializedViews).flatMap(([a, b]) =>
      tableChange('materialized view', a, b),
    ),
    sequences: pairsOf(before.sequences, after.sequences).flatMap(([a, b]) => sequenceChange(a, b)),
    largeObjectsChanged,
    tablesCompared: common.length,
    cellsCompared: common.reduce((cells, [a]) => cells + a!.rows * a!.columns.length, 0),
  };
}

interface Named {
  readonly schema: string;
  readonly name: string;
}

type Pair<T> = readonly [T | undefined, T | undefined];

/** What has the same name on both sides, side by side. */
function pairsOf<T extends Named>(before: readonly T[], after: readonly T[]): Pair<T>[] {
  const keyOf = ({ schema, name }: Named): string => JSON.stringify([schema, name]);
  const left = new Map(before.map((one) => [keyOf(one), one]));
  const right = new Map(after.map((one) => [keyOf(one), one]));
  return [...new Set([...left.keys(), ...right.keys()])].map((key) => [left.get(key), right.get(key)]);
}

function tableChange(
  kind: TableDataChange['kind'],
  before: TableFingerprint | undefined,
  after: TableFingerprint | undefined,
): TableDataChange[] {
  const columnsLost = without(before?.columns ?? [], after?.columns ?? []);
  const columnsAdded = without(after?.columns ?? [], before?.columns ?? []);
  const isSame =
    before?.hash === after?.hash &&
    before?.rows === after?.rows &&
    columnsLost.length + columnsAdded.length === 0;
  return isSame
    ? []
    : [
        {
          schema: (before ?? after)!.schema,
          name: (before ?? after)!.name,
          kind,
          rowsBefore: before?.rows,
          rowsAfter: after?.rows,
          columnsLost,
          columnsAdded,
          columnsChanged: columnsChanged(before, after),
        },
      ];
}

function columnsChanged(
  before: TableFingerprint | undefined,
  after: TableFingerprint | undefined,
): readonly string[] | undefined {
  const [left, right] = [before?.columnHashes, after?.columnHashes];
  return (
    left && right && Object.keys(left).filter((column) => column in right && left[column] !== right[column])
  );
}

function sequenceChange(
  before: SequencePosition | undefined,
  after: SequencePosition | undefined,
): SequenceChange[] {
  const isSame = before?.lastValue === after?.lastValue && before?.isCalled === after?.isCalled;
  const { schema, name } = (before ?? after)!;
  return isSame ? [] : [{ schema, name, before, after }];
}

function without(names: readonly string[], others: readonly string[]): string[] {
  return names.filter((name) => !others.includes(name));
}
