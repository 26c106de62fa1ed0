import { z } from 'zod';
import { reasonOf } from '../core/index.js';
import { SCHEMA_ERRORS } from './errors.js';
import { type SchemaModel, schemaModel } from './model.js';

/** A model as JSON text, two spaces a level and a newline at the end: fit for a file under version control. */
export function formatModel(model: SchemaModel): string {
  return `${JSON.stringify(model, undefined, 2)}\n`;
}

/**
 * Reads a model that `formatModel` wrote. `file` is the name that complaints show.
 * @throws SCHEMA_MODEL_MALFORMED, SCHEMA_MODEL_INVALID
 */
export function parseModel(json: string, file: string): SchemaModel {
  const result = schemaModel.safeParse(parseJson(json, file));
  if (!result.success) {
    const [issue] = result.error.issues;
    throw SCHEMA_ERRORS.MODEL_INVALID({
      message: `Cannot read the schema model in ${file}: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}`,
      details: { file, path: issue?.path },
    });
  }
  return result.data;
}

/** The JSON Schema of a model, which `docs/schema-model.schema.json` publishes. */
export function modelJsonSchema(): Record<string, unknown> {
  return { title: 'Plinth schema model', ...z.toJSONSchema(schemaModel) };
}

function parseJson(json: string, file: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw SCHEMA_ERRORS.MODEL_MALFORMED({
      message: `Cannot read the schema model in ${file}: ${reasonOf(cause)}`,
      details: { file },
      cause,
    });
  }
}
