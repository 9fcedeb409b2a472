import { isDeepStrictEqual } from 'node:util';
import { errors } from 'oidc-provider';
import type { AuthorizationDetailsType, CheckDetail } from '../../config/authorization-details.ts';

/** An element of `authorization_details` (RFC 9396 §2). */
export interface Detail {
  type: string;
  [member: string]: unknown;
}

/** The description of a detail for people, in each language. */
export type DetailText = Record<'th' | 'en', string>;

/** The types that a deployment supports. */
export interface DetailTypes {
  names: readonly string[];
  /** Throws `invalid_authorization_details`. */
  check(detail: Detail): void;
  /** Returns the descriptions of the details in the parameter, as the client sent it and the library has checked it. */
  textsOf(parameter: unknown): DetailText[];
  /** Returns the details that a token for this audience contains. The audience is undefined for a token without one. */
  forAudience(details: readonly Detail[], audience: string | undefined): Detail[];
}

const LONGEST_VALUE = 200;
const NOTHING = '–';

/** Removes characters that would change the direction of the text or begin a line of their own. */
const printable = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\p{Bidi_Control}/gu, '')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();

function written(value: unknown): string {
  if (value === undefined || value === null || value === '') return NOTHING;
  if (Array.isArray(value)) return value.map(written).join(', ');
  const text = printable(typeof value === 'object' ? JSON.stringify(value) : String(value));
  const characters = [...text];
  return characters.length > LONGEST_VALUE ? `${characters.slice(0, LONGEST_VALUE).join('')}…` : text;
}

const valueAt = (detail: Detail, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Record<string, unknown>)[name]
          : undefined,
      detail,
    );

const fill = (text: string, detail: Detail): string =>
  text.replaceAll(/\{([\w.-]+)\}/g, (_all, path: string) => written(valueAt(detail, path)));

/** Returns the details of a parameter, which the library has parsed before. */
export const detailsIn = (parameter: unknown): Detail[] | undefined =>
  typeof parameter === 'string' ? (JSON.parse(parameter) as Detail[]) : undefined;

/** Returns the configured types. `compile` creates the check of a type's schema. */
export function detailTypes(
  configured: readonly AuthorizationDetailsType[],
  compile: (type: AuthorizationDetailsType) => CheckDetail,
): DetailTypes {
  const types = new Map(configured.map((one) => [one.type, { ...one, problem: compile(one) }]));
  return {
    names: [...types.keys()],
    check(detail) {
      const problem = types.get(detail.type)?.problem(detail);
      if (problem !== undefined) throw new errors.InvalidAuthorizationDetails(problem);
    },
    textsOf: (parameter) =>
      (detailsIn(parameter) ?? []).map((detail) => {
        const consent = types.get(detail.type)?.consent ?? { th: detail.type, en: detail.type };
        const texts = Object.entries(consent).map(([locale, text]) => [locale, fill(text, detail)]);
        return Object.fromEntries(texts) as typeof consent;
      }),
    forAudience: (details, audience) =>
      details.filter(({ type }) => {
        const only = types.get(type)?.resources;
        return only === undefined || (audience !== undefined && only.includes(audience));
      }),
  };
}

/** The members whose values a client may request in part (RFC 9396 §2.2). */
const LISTS: ReadonlySet<string> = new Set(['locations', 'actions', 'datatypes', 'privileges']);

const isPart = (asked: unknown, granted: unknown): boolean =>
  Array.isArray(asked) && Array.isArray(granted) && asked.every((one) => granted.includes(one));

/**
 * Returns whether a requested detail does not exceed a granted one: it is the same, or has shorter lists of actions and
 * similar members.
 */
export const isCovered = (asked: Detail, granted: Detail): boolean =>
  isDeepStrictEqual(Object.keys(asked).sort(), Object.keys(granted).sort()) &&
  Object.keys(asked).every(
    (name) =>
      isDeepStrictEqual(asked[name], granted[name]) ||
      (LISTS.has(name) && isPart(asked[name], granted[name])),
  );
