import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS } from '../../lib/durations.ts';

const UNIT_SECONDS = { s: 1, m: MINUTE_SECONDS, h: HOUR_SECONDS, d: DAY_SECONDS } as const;
const LONGEST_SECONDS = 3650 * UNIT_SECONDS.d;

/** Parses `90s`, `15m`, `24h`, `7d` or `0` into seconds. The maximum is ten years. */
export function seconds(text: string): number {
  const [, digits, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const value = text === '0' ? 0 : Number(digits) * UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS];
  if (!(value <= LONGEST_SECONDS)) {
    throw new InvalidArgumentError('Expected a duration such as 90s, 15m, 24h or 7d, at most ten years.');
  }
  return value;
}

/** Like `seconds`, but must be greater than 0. */
export function positiveSeconds(text: string): number {
  const value = seconds(text);
  if (value === 0) throw new InvalidArgumentError('It must be greater than 0.');
  return value;
}

/** Collects the values of a repeatable option. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** Like `collect`, for JSON values. */
export function collectJson(text: string, before: unknown[] = []): unknown[] {
  try {
    return [...before, JSON.parse(text)];
  } catch {
    throw new InvalidArgumentError('It must be JSON.');
  }
}

/**
 * Normalises a list of words to single spaces between them. Accepts any white space, including line breaks of pasted
 * text.
 */
export const spaceSeparated = (text: string): string => text.split(/\s+/).filter(Boolean).join(' ');

/** Parses a positive decimal number that JavaScript represents exactly, without a sign or leading zeros. */
export function positiveInteger(text: string): number {
  const value = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a positive decimal number.');
  return value;
}

const LARGEST_PAGE = 200;

/** Parses a page size from 1 to 200. */
export function pageSize(text: string): number {
  const value = positiveInteger(text);
  if (value > LARGEST_PAGE) throw new InvalidArgumentError(`It must be at most ${LARGEST_PAGE}.`);
  return value;
}

/**
 * Reads a JWK Set (RFC 7517 §5): the JSON itself, or the name of a file that contains it. The keys are validated later.
 */
export function keySet(text: string): object {
  try {
    const parsed: unknown = JSON.parse(text.trimStart().startsWith('{') ? text : readFileSync(text, 'utf8'));
    if (Array.isArray((parsed as { keys?: unknown } | null)?.keys)) return parsed as object;
  } catch {
    // reported below, like JSON that is not a key set
  }
  throw new InvalidArgumentError('Expected a JSON object with "keys", or a file with one.');
}
