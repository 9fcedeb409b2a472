import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS } from '../../lib/durations.ts';

const UNIT_SECONDS = { s: 1, m: MINUTE_SECONDS, h: HOUR_SECONDS, d: DAY_SECONDS } as const;
const LONGEST_SECONDS = 3650 * UNIT_SECONDS.d;

/** `90s`, `15m`, `24h`, `7d` or `0` in seconds; ten years at most. */
export function seconds(text: string): number {
  const [, digits, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const value = text === '0' ? 0 : Number(digits) * UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS];
  if (!(value <= LONGEST_SECONDS)) {
    throw new InvalidArgumentError('Expected a duration such as 90s, 15m, 24h or 7d, at most ten years.');
  }
  return value;
}

/** As `seconds`, but more than none. */
export function positiveSeconds(text: string): number {
  const value = seconds(text);
  if (value === 0) throw new InvalidArgumentError('It must be greater than 0.');
  return value;
}

/** Gathers the values of an option that may be given several times. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** The same of JSON values. */
export function collectJson(text: string, before: unknown[] = []): unknown[] {
  try {
    return [...before, JSON.parse(text)];
  } catch {
    throw new InvalidArgumentError('It must be JSON.');
  }
}

/** A list of words however they are set apart, by one space each: line breaks of a text that was pasted too. */
export const spaceSeparated = (text: string): string => text.split(/\s+/).filter(Boolean).join(' ');

/** A decimal number that JavaScript holds exactly, without a sign or zeros in front. */
export function positiveInteger(text: string): number {
  const value = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a positive decimal number.');
  return value;
}

const LARGEST_PAGE = 200;

/** From 1 to 200. */
export function pageSize(text: string): number {
  const value = positiveInteger(text);
  if (value > LARGEST_PAGE) throw new InvalidArgumentError(`It must be at most ${LARGEST_PAGE}.`);
  return value;
}

/** A JWK Set (RFC 7517 §5): the JSON itself, or the name of a file with it. Whose keys they are is checked later. */
export function keySet(text: string): object {
  try {
    const parsed: unknown = JSON.parse(text.trimStart().startsWith('{') ? text : readFileSync(text, 'utf8'));
    if (Array.isArray((parsed as { keys?: unknown } | null)?.keys)) return parsed as object;
  } catch {
    // said below, as for JSON that is no key set
  }
  throw new InvalidArgumentError('Expected a JSON object with "keys", or a file with one.');
}
