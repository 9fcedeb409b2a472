import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import readBytes from 'raw-body';
import { AppError } from '../errors/app-error.ts';
import { decodeStrictly, isStorable } from './characters.ts';
import { doubledName } from './doubled-name.ts';

export interface BodyLimits {
  bytes: number;
  /** The maximum number of form fields. Defaults to 50. */
  fields?: number;
  /** Whether to reject JSON objects with duplicate names. Duplicate fields of forms are always rejected. */
  uniqueNames?: boolean;
  /** The maximum depth of arrays and objects in JSON. Defaults to 20. */
  depth?: number;
}

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const FIELDS = 50;
const DEPTH = 20;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Returns a name that an error may repeat; undefined if it is longer than 64 characters or has unusual ones. */
const nameable = (name: string): string | undefined => (/^[\w.[\]-]{1,64}$/.test(name) ? name : undefined);

const invalid = (field: string): AppError => new AppError('BAD_REQUEST', { field: nameable(field) });

/** Throws `UNSUPPORTED_MEDIA_TYPE` unless the body, if any, has the given type and is in UTF-8. */
function checkType(ctx: Context, type: string) {
  if (ctx.is(type) === false) throw new AppError('UNSUPPORTED_MEDIA_TYPE');
  const { charset } = ctx.request;
  if (charset && charset.toLowerCase() !== 'utf-8') throw new AppError('UNSUPPORTED_MEDIA_TYPE');
}

/**
 * Returns the body as text. Rejects a body that is not UTF-8, or is too large, even if it does not state its length.
 */
async function readText(ctx: Context, bytes: number): Promise<string> {
  const stated = ctx.get('Content-Length');
  const body = await readBytes(ctx.req, { limit: bytes, length: stated === '' ? null : stated });
  try {
    return UTF8.decode(body);
  } catch (cause) {
    throw new AppError('INVALID_CHARACTER', { cause });
  }
}

/**
 * Returns the fields of a form in order, including repeated ones. Follows WHATWG URL §5.1, but rejects malformed input.
 */
function parseFields(text: string, most: number): [name: string, value: string][] {
  const parts = text.split('&').filter((part) => part !== '');
  if (parts.length > most) throw new AppError('BAD_REQUEST');
  return parts.map((part) => {
    const at = part.includes('=') ? part.indexOf('=') : part.length;
    const name = decodeStrictly(part.slice(0, at).replaceAll('+', ' '));
    return [name, decodeStrictly(part.slice(at + 1).replaceAll('+', ' '), nameable(name))];
  });
}

function formObject(text: string, limits: BodyLimits): Record<string, string> {
  const form: Record<string, string> = Object.create(null);
  for (const [name, value] of parseFields(text, limits.fields ?? FIELDS)) {
    if (name in form) throw invalid(name);
    form[name] = value;
  }
  return form;
}

/**
 * Returns the fields of a form. Throws `BAD_REQUEST` with the name of a field that is repeated. The object has no
 * prototype, so a field may have any name.
 */
export async function readForm(ctx: Context, limits: BodyLimits): Promise<Record<string, string>> {
  checkType(ctx, FORM);
  return formObject(await readText(ctx, limits.bytes), limits);
}

/**
 * Checks the depth, characters and names of a JSON value. `field` is the name of the nearest enclosing member, if any.
 */
function checkJson(value: unknown, depth: number, field?: string): void {
  if (typeof value === 'string' && !isStorable(value))
    throw new AppError('INVALID_CHARACTER', { field: field && nameable(field) });
  if (typeof value !== 'object' || value === null) return;
  if (depth === 0) throw new AppError('BAD_REQUEST');
  for (const [name, member] of Object.entries(value)) {
    if (!isStorable(name)) throw new AppError('INVALID_CHARACTER');
    // Assigned to another object, it would become that object's prototype.
    if (name === '__proto__') throw invalid(name);
    checkJson(member, depth - 1, Array.isArray(value) ? field : name);
  }
}

/** Parses a JSON text with the same checks as a JSON body. */
export function parseJson(text: string, limits: BodyLimits): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('BAD_REQUEST', { cause });
  }
  checkJson(value, limits.depth ?? DEPTH);
  const doubled = limits.uniqueNames ? doubledName(text) : undefined;
  if (doubled !== undefined) throw invalid(doubled);
  return value;
}

/** The text of a JSON body, for `parseJson`. */
export async function readJsonText(ctx: Context, bytes: number): Promise<string> {
  checkType(ctx, JSON_TYPE);
  return readText(ctx, bytes);
}

/** Reads a JSON value (RFC 8259) of any type. Throws `BAD_REQUEST` for an empty or malformed body. */
export const readJson = async (ctx: Context, limits: BodyLimits): Promise<unknown> =>
  parseJson(await readJsonText(ctx, limits.bytes), limits);

/**
 * Reads JSON or, with `form`, a form. A body that begins with a brace or a bracket is JSON regardless of its media
 * type, because old clients send JSON with the default type of curl. An empty body is read as an empty object.
 */
export async function readJsonOrForm(ctx: Context, limits: BodyLimits & { form: boolean }): Promise<unknown> {
  const text = await readText(ctx, limits.bytes);
  if (text.trim() === '') return {};
  if (!/^\s*[{[]/.test(text) && ctx.is(JSON_TYPE) === false) {
    if (!limits.form || ctx.is(FORM) === false) throw new AppError('UNSUPPORTED_MEDIA_TYPE');
    return formObject(text, limits);
  }
  return parseJson(text, limits);
}

/**
 * Reads and checks a form that oidc-provider will parse. Stores its text in `req.body`, which the library uses when the
 * stream has been consumed. Accepts repeated fields, because the library knows which fields may repeat (`resource`).
 * Does not read bodies of other types, which the library rejects.
 */
export async function boundBody(ctx: Context, bytes: number): Promise<void> {
  if (!ctx.is(FORM)) return;
  checkType(ctx, FORM);
  const text = await readText(ctx, bytes);
  // before the check, because the error presenter may need to identify the caller
  (ctx.req as IncomingMessage & { body?: string }).body = text;
  parseFields(text, FIELDS);
}
