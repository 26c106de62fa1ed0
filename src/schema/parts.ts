/**
 * The words that the schema model is written with. One rule holds for every object of the model: a property is
 * absent where PostgreSQL's default holds, so that a model is short, reads like the DDL that made it, and means the
 * same whichever version it was read from.
 *
 * The shapes are Zod schemas: the types, the validation of saved models and the published JSON Schema come from
 * this one place.
 */
import { z } from 'zod';

/** The same type with every property and array read-only, at every depth. */
export type DeepReadonly<T> = T extends (infer Element)[]
  ? readonly DeepReadonly<Element>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** An object without other properties than these; `id` is its name in the published JSON Schema. */
export const object = <Shape extends z.core.$ZodShape>(id: string, shape: Shape) =>
  z.strictObject(shape).meta({ id });

export const text = (meaning: string) => z.string().describe(meaning);
export const optionalText = (meaning: string) => z.string().optional().describe(meaning);
export const optionalNumber = (meaning: string) => z.number().optional().describe(meaning);
/** True or absent. */
export const flag = (meaning: string) => z.literal(true).optional().describe(meaning);
export const texts = (meaning: string) => z.array(z.string()).describe(meaning);
export const optionalTexts = (meaning: string) => z.array(z.string()).optional().describe(meaning);

export const name = text('The exact identifier, unquoted.');
export const schemaName = text('The schema that holds it.');
export const definition = text("PostgreSQL's own text for it, every name outside pg_catalog qualified.");

export const qualifiedName = object('QualifiedName', { schema: schemaName, name });

export const grant = object('Grant', {
  grantee: text('The role, or `public` for everybody.'),
  privileges: texts('In lower case, sorted; `all` alone stands for every privilege that such an object has.'),
  grantable: optionalTexts('Those of the privileges that the grantee may pass on.'),
  grantor: optionalText('The role that granted them, where it is not the owner.'),
});

export const commented = { comment: optionalText('The text of `comment on`.') };

export const granted = {
  grants: z
    .array(grant)
    .optional()
    .describe('What has been granted beyond the privileges that such an object is born with.'),
  revokes: z
    .array(grant)
    .optional()
    .describe('What has been revoked of the privileges that such an object is born with.'),
};

export const owned = { owner: text('The role that owns it.'), ...granted };

export type QualifiedName = DeepReadonly<z.infer<typeof qualifiedName>>;
export type Grant = DeepReadonly<z.infer<typeof grant>>;
