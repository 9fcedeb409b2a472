import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import * as z from 'zod';

const sentence = z.string().min(1).max(500);

/** The types of `authorization_details` (RFC 9396 §2) that clients may request. */
export const authorizationDetailsSchema = z.array(
  z.strictObject({
    type: z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/),
    /** The JSON Schema 2020-12 of the object. Its member `type` is added. */
    schema: z.looseObject({
      type: z.literal('object'),
      additionalProperties: z.literal(false),
      properties: z.record(z.string(), z.unknown()),
    }),
    /** The text that the person reads. `{member}` and `{member.member}` are placeholders. */
    consent: z.object({ th: sentence, en: sentence }).catchall(sentence),
    /** The resource servers whose tokens contain it. Defaults to all. */
    resources: z.array(z.url()).optional(),
  }),
);

export type AuthorizationDetailsType = z.infer<typeof authorizationDetailsSchema>[number];

/** Returns why a detail does not match its type, or undefined when it does. */
export type CheckDetail = (detail: unknown) => string | undefined;

/** Compiles the schema of a type. Throws when it is not a valid JSON Schema. */
export function detailCheck({ type, schema }: AuthorizationDetailsType): CheckDetail {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
  formats.default(ajv);
  const validate = ajv.compile({ ...schema, properties: { ...schema.properties, type: { const: type } } });
  return (detail) => (validate(detail) ? undefined : ajv.errorsText(validate.errors, { dataVar: type }));
}

/** Returns the problems that the schema of the settings cannot detect. */
export function authorizationDetailsProblems(
  types: readonly AuthorizationDetailsType[] | undefined,
  known: readonly string[],
): string[] {
  if (!Array.isArray(types)) return [];
  const names = types.map(({ type }) => type);
  return (types as readonly AuthorizationDetailsType[]).flatMap((one, index) => {
    const name = `authorizationDetails: ${one.type}`;
    const problems = names.indexOf(one.type) === index ? [] : [`${name} is there twice`];
    const unknown = (one.resources ?? []).filter((resource) => !known.includes(resource));
    if (unknown.length > 0)
      problems.push(`${name}: ${unknown.join(', ')} is not listed in the setting 'resources'`);
    try {
      detailCheck(one);
    } catch (error) {
      problems.push(`${name}: its schema is not valid: ${(error as Error).message}`);
    }
    return problems;
  });
}
