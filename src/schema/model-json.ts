import { z } from 'zod';
import { reasonOf } from '../core/index.js';
import { SCHEMA_ERRORS } from './errors.js';
import { MODEL_FORMAT, type SchemaModel, schemaModel } from './model.js';

/** A model as JSON text, two spaces a level and a newline at the end: fit for a file under version control. */
export function formatModel(model: SchemaModel): string {
  return `${JSON.stringify(model, undefined, 2)}\n`;
}

/**
 * Reads a model that `formatModel` wrote. `file` is the name that complaints show.
 * @throws SCHEMA_MODEL_MALFORMED, SCHEMA_MODEL_INVALID, SCHEMA_MODEL_TOO_NEW
 */
export function parseModel(json: string, file: string): SchemaModel {
  const value = parseJson(json, file);
  refuseNewer(value, file);
  const result = schemaModel.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw SCHEMA_ERRORS.MODEL_INVALID({
      message: `Cannot read the schema model in ${file}: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}`,
      details: { file, path: issue?.path },
    });
  }
  return result.data;
}

function refuseNewer(value: unknown, file: string): void {
  const { kind, format } = (value ?? {}) as { readonly kind?: unknown; readonly format?: unknown };
  if (kind === 'schema model' && typeof format === 'number' && format > MODEL_FORMAT) {
    throw SCHEMA_ERRORS.MODEL_TOO_NEW({
      message: `Cannot read the schema model in ${file}: its format is ${format} (${MODEL_FORMAT} or older was wanted)`,
      details: { file, format },
    });
  }
}

/** The JSON Schema of a model, which `docs/schemas/schema-model.schema.json` publishes. */
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
