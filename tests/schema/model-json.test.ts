import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyModel, formatModel, modelJsonSchema, parseModel } from '../../src/schema/index.js';

const ROOT = join(import.meta.dirname, '../..');

test('the published JSON Schema is that of the code', () => {
  const published = readFileSync(join(ROOT, 'docs/schemas/schema-model.schema.json'), 'utf8');
  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(modelJsonSchema())));
});

test('a model that was written down is read back', () => {
  const model = emptyModel(18);
  expect(parseModel(formatModel(model), 'model.json')).toEqual(model);
});

test('what is not JSON is refused with the file and the reason', () => {
  expect(() => parseModel('{', 'model.json')).toThrow(
    expect.objectContaining({
      code: 'SCHEMA_MODEL_MALFORMED',
      message: expect.stringMatching(/^Cannot read the schema model in model\.json: /),
    }),
  );
});

test.each([
  ['another document', { kind: 'something' }, 'kind'],
  ['a form that never was', { ...emptyModel(18), format: 0 }, 'format'],
  ['a property that no model has', { ...emptyModel(18), colour: 'red' }, 'colour'],
  [
    'an object without its name',
    { ...emptyModel(18), schemas: [{ kind: 'schema', owner: 'a' }] },
    'schemas.0.name',
  ],
])('%s is refused with the place of the flaw', (_, document, place) => {
  expect(() => parseModel(JSON.stringify(document), 'model.json')).toThrow(
    expect.objectContaining({
      code: 'SCHEMA_MODEL_INVALID',
      message: expect.stringContaining(place),
    }),
  );
});

test('a form of the future is refused as such, whatever else is in it', () => {
  const document = { kind: 'schema model', format: 2, whatever: [] };
  expect(() => parseModel(JSON.stringify(document), 'model.json')).toThrow(
    expect.objectContaining({
      code: 'SCHEMA_MODEL_TOO_NEW',
      message: expect.stringContaining('its format is 2 (1 or older was wanted)'),
    }),
  );
});
