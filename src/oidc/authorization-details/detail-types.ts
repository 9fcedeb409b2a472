import { isDeepStrictEqual } from 'node:util';
import { errors } from 'oidc-provider';
import type { AuthorizationDetailsType, CheckDetail } from '../../config/authorization-details.ts';

/** One of `authorization_details` (RFC 9396 §2). */
export interface Detail {
  type: string;
  [member: string]: unknown;
}

/** What a detail means, for people, in each language. */
export type DetailText = Record<'th' | 'en', string>;

/** The types of a deployment. */
export interface DetailTypes {
  names: readonly string[];
  /** Throws `invalid_authorization_details`. */
  check(detail: Detail): void;
  /** Of the parameter as a client sent it and the library has checked it. */
  textsOf(parameter: unknown): DetailText[];
  /** Those that a token for this audience carries; undefined for one without an audience. */
  forAudience(details: readonly Detail[], audience: string | undefined): Detail[];
}

const LONGEST_VALUE = 200;
const NOTHING = '–';

/** Without what would turn the direction of writing or begin a line of its own. */
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

/** The details of a parameter; the library has read it before. */
export const detailsIn = (parameter: unknown): Detail[] | undefined =>
  typeof parameter === 'string' ? (JSON.parse(parameter) as Detail[]) : undefined;

/** `compile` makes the check of a type's schema. */
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

/** Members whose values a client may ask for in part (RFC 9396 §2.2). */
const LISTS: ReadonlySet<string> = new Set(['locations', 'actions', 'datatypes', 'privileges']);

const isPart = (asked: unknown, granted: unknown): boolean =>
  Array.isArray(asked) && Array.isArray(granted) && asked.every((one) => granted.includes(one));

/** Whether what is asked is no more than what was granted: the same, or shorter lists of actions and the like. */
export const isCovered = (asked: Detail, granted: Detail): boolean =>
  isDeepStrictEqual(Object.keys(asked).sort(), Object.keys(granted).sort()) &&
  Object.keys(asked).every(
    (name) =>
      isDeepStrictEqual(asked[name], granted[name]) ||
      (LISTS.has(name) && isPart(asked[name], granted[name])),
  );
