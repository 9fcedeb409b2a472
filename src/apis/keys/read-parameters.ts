import { parseAvatar } from '../../domain/values/avatar.ts';
import { parseEmail } from '../../domain/values/email.ts';
import { parseFullName } from '../../domain/values/person-name.ts';
import { parseText } from '../../domain/values/profile-texts.ts';
import { WrongParameter } from './errors.ts';

type Parse<T> = (text: string) => T | undefined;

/** Reads parameters in the order of the document. Only the first invalid parameter is reported. */
export interface Parameters {
  /** Whether the request has the parameter. Null and an empty string count as missing. */
  has(name: string): boolean;
  /** Throws for the first missing parameter. */
  need(...names: string[]): void;
  /** Throws if the parameter is missing or `parse` rejects its value. */
  required<T>(name: string, parse: Parse<T>): T;
  /** Returns undefined if the parameter is missing. Throws if `parse` rejects its value. */
  optional<T>(name: string, parse: Parse<T>): T | undefined;
}

export function parametersOf(body: unknown): Parameters {
  const given = (body ?? {}) as Record<string, unknown>;
  const has = (name: string): boolean =>
    given[name] !== undefined && given[name] !== null && given[name] !== '';
  function need(...names: string[]): void {
    const missing = names.find((name) => !has(name));
    if (missing !== undefined) throw new WrongParameter(missing, { missing: true });
  }
  function required<T>(name: string, parse: Parse<T>): T {
    need(name);
    const value = parse(String(given[name]));
    if (value === undefined) throw new WrongParameter(name, { missing: false });
    return value;
  }
  return {
    has,
    need,
    required,
    optional: (name, parse) => (has(name) ? required(name, parse) : undefined),
  };
}

const NUMBER = /^[+-]?\d{1,3}(?:\.\d{1,30})?(?:e-\d{1,2})?$/i;

const matching =
  (pattern: RegExp): Parse<string> =>
  (text) =>
    pattern.test(text) ? text : undefined;

/** Parses degrees of at most `most` in either direction. */
export const degrees =
  (most: number): Parse<number> =>
  (text) =>
    NUMBER.test(text) && Math.abs(Number(text)) <= most ? Number(text) : undefined;

export const anyText: Parse<string> = (text) => text;
export const email: Parse<{ value: string; key: string }> = parseEmail;
export const fullName: Parse<{ firstName: string; lastName: string | null }> = parseFullName;
export const phone: Parse<string> = (text) => parseText('phone', text) ?? undefined;
export const avatar: Parse<string> = parseAvatar;
export const locationId: Parse<number> = (text) => (/^[1-9]\d{0,3}$/.test(text) ? Number(text) : undefined);
/** These values are opaque: visible characters, limited to what a row and a request can hold. */
export const gcmId: Parse<string> = matching(/^[\x21-\x7e]{1,1000}$/);
export const facebookToken: Parse<string> = matching(/^[\x21-\x7e]{1,4096}$/);
export const facebookUser: Parse<string> = matching(/^[\w.-]{1,64}$/);
