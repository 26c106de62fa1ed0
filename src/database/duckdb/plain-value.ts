import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUUIDValue,
  type DuckDBValue,
} from '@duckdb/node-api';

/** A value as plain JavaScript; see `DuckDb.query`. */
export function plainValue(value: DuckDBValue): unknown {
  if (value === null || typeof value !== 'object') {
    return value;
  }
  if (value instanceof DuckDBTimestampTZValue) {
    return new Date(Number(value.micros / 1000n));
  }
  if (value instanceof DuckDBListValue) {
    return value.items.map(plainValue);
  }
  if (value instanceof DuckDBDecimalValue) {
    return value.scale === 0 ? value.value : value.toString();
  }
  if (value instanceof DuckDBBlobValue) {
    return Buffer.from(value.bytes);
  }
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([key, entry]) => [key, plainValue(entry)]));
  }
  if (
    value instanceof DuckDBUUIDValue ||
    value instanceof DuckDBDateValue ||
    value instanceof DuckDBTimestampValue
  ) {
    return value.toString();
  }
  return value;
}
