import type { z } from 'zod';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { refuseIfAny, type Violation } from '../../errors/violations.ts';
import type { UpstreamSettings } from './connector.ts';
import type { PublicSettings } from './operated-store.ts';

/** The operator's input: the members of the setting `upstream`, and the position of the button. */
export type GivenProvider = Record<string, unknown>;

/** The secret members, which are write-only. */
export const SECRET_MEMBERS = ['clientSecret', 'privateKey'] as const;

/** The maximum length of a text in characters. */
const LONGEST = { default: 500, name: 60, privateKey: 2000 } as const;
const LAST_POSITION = 1000;

/** The error for an invalid value of a member that is present. */
const WRONG: Readonly<Record<string, ErrorCode>> = {
  id: 'INVALID_UPSTREAM_ID',
  kind: 'INVALID_UPSTREAM_KIND',
  issuer: 'INVALID_ISSUER',
  privateKey: 'INVALID_PRIVATE_KEY',
};

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

const valueAt = (given: GivenProvider, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], given);

/** The violations of one finding of the schema, by member. */
function violationsOf(given: GivenProvider, issue: z.core.$ZodIssue): Violation[] {
  const at = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ field: [...at, key].join('.'), code: 'NOT_CHANGEABLE' }));
  const code = isBlank(valueAt(given, issue.path)) ? 'VALUE_MISSING' : (WRONG[at[0] ?? ''] ?? 'INVALID_TEXT');
  return [{ field: at.join('.'), code }];
}

/** The violations of texts that are too long. */
const tooLong = (given: GivenProvider, prefix = ''): Violation[] =>
  Object.entries(given).flatMap(([member, value]) => {
    if (member === 'name' && typeof value === 'object' && value !== null)
      return tooLong(value as GivenProvider, 'name.');
    const longest =
      prefix !== '' ? LONGEST.name : member === 'privateKey' ? LONGEST.privateKey : LONGEST.default;
    const field = prefix + member;
    return typeof value === 'string' && value.length > longest ? [{ field, code: 'INVALID_TEXT' }] : [];
  });

const isPosition = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LAST_POSITION;

export interface Rules {
  /** The schema of one provider in the configuration. */
  schema: z.ZodType<UpstreamSettings>;
  environment: string;
  /** The app of the Keys API, if one is configured. */
  facebookAppId: string | undefined;
}

export interface JudgedProvider {
  settings: UpstreamSettings;
  /** Undefined if the operator sets none. */
  position: number | undefined;
}

/**
 * Validates the members of a provider by the rules of the configuration. Throws `Violations` with each invalid member.
 */
export function judged({ position, ...given }: GivenProvider, rules: Rules): JudgedProvider {
  const long = tooLong(given);
  const parsed = rules.schema.safeParse(given);
  const found = [
    ...long,
    ...(parsed.success ? [] : parsed.error.issues.flatMap((one) => violationsOf(given, one))),
  ];
  if (position !== undefined && !isPosition(position)) found.push({ field: 'position', code: 'BAD_REQUEST' });
  if (rules.environment === 'production' && String(given.issuer ?? '').startsWith('http:'))
    found.push({ field: 'issuer', code: 'INVALID_ISSUER' });
  if (given.kind === 'facebook' && rules.facebookAppId && given.clientId !== rules.facebookAppId)
    found.push({ field: 'clientId', code: 'FACEBOOK_APP_DIFFERS' });
  refuseIfAny(found);
  return { settings: parsed.data as UpstreamSettings, position: position as number | undefined };
}

/** Separates the settings that may be shown from the secret. */
export function apart({ clientSecret, privateKey, ...settings }: UpstreamSettings): {
  settings: PublicSettings;
  secret: string;
} {
  return { settings, secret: clientSecret ?? privateKey ?? '' };
}

/** Combines the settings and the secret again. */
export const together = (settings: PublicSettings, secret: string): UpstreamSettings => ({
  ...settings,
  ...(settings.kind === 'apple' ? { privateKey: secret } : { clientSecret: secret }),
});

/** Applies a merge patch (RFC 7396) to a provider: null removes a member, and the names are patched individually. */
export function patched(before: GivenProvider, patch: GivenProvider): GivenProvider {
  const entries = Object.entries(patch).map(([member, value]): [string, unknown] => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const was = before[member];
    const inner = typeof was === 'object' && was !== null ? (was as GivenProvider) : {};
    return [member, isObject ? patched(inner, value as GivenProvider) : value];
  });
  const merged = { ...before, ...Object.fromEntries(entries) };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

/** The identity that the links of accounts depend on: a person's id is unique only within it. */
export const identityOfProvider = ({ kind, issuer = '', clientId }: PublicSettings): string =>
  JSON.stringify([kind, issuer, kind === 'facebook' ? clientId : '']);
