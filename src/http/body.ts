import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import readBytes from 'raw-body';
import { AppError } from '../errors/app-error.ts';
import { decodeStrictly, isStorable } from './characters.ts';
import { doubledName } from './doubled-name.ts';

export interface BodyLimits {
  bytes: number;
  /** Form fields, 50 unless told. */
  fields?: number;
  /** Refuses JSON in which an object has a name twice, as forms always are. */
  uniqueNames?: boolean;
  /** Levels of arrays and objects in JSON, 20 unless told. */
  depth?: number;
}

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const FIELDS = 50;
const DEPTH = 20;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** A name as an error may repeat it; one that is longer or stranger is not repeated. */
const nameable = (name: string): string | undefined => (/^[\w.[\]-]{1,64}$/.test(name) ? name : undefined);

const invalid = (field: string): AppError => new AppError('BAD_REQUEST', { field: nameable(field) });

/** Throws `UNSUPPORTED_MEDIA_TYPE` unless the body, if there is one, is of the type and in UTF-8. */
function checkType(ctx: Context, type: string) {
  if (ctx.is(type) === false) throw new AppError('UNSUPPORTED_MEDIA_TYPE');
  const { charset } = ctx.request;
  if (charset && charset.toLowerCase() !== 'utf-8') throw new AppError('UNSUPPORTED_MEDIA_TYPE');
}

/** The body as text; refuses one that is too large (also one that does not state its length) or not UTF-8. */
async function readText(ctx: Context, bytes: number): Promise<string> {
  const stated = ctx.get('Content-Length');
  const body = await readBytes(ctx.req, { limit: bytes, length: stated === '' ? null : stated });
  try {
    return UTF8.decode(body);
  } catch (cause) {
    throw new AppError('INVALID_CHARACTER', { cause });
  }
}

/** The fields of a form in their order, repeated ones too. WHATWG URL §5.1, but what is broken is refused. */
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
 * The fields of a form. A field that comes twice is refused by name (`BAD_REQUEST`). The object has no
 * prototype, so a field may have any name.
 */
export async function readForm(ctx: Context, limits: BodyLimits): Promise<Record<string, string>> {
  checkType(ctx, FORM);
  return formObject(await readText(ctx, limits.bytes), limits);
}

/** Depth, characters and names of a JSON value; `field` is the member at fault as far as it is known. */
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

/** The JSON value of a text, checked as a body is. */
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

/** A JSON value (RFC 8259), any type; an empty or broken body is `BAD_REQUEST`. */
export const readJson = async (ctx: Context, limits: BodyLimits): Promise<unknown> =>
  parseJson(await readJsonText(ctx, limits.bytes), limits);

/**
 * JSON or, where `form` allows it, a form: what begins with a brace is JSON whatever its type says, as old clients send
 * it with curl's default type. An empty body is an empty object.
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
 * Reads and checks a form that oidc-provider will parse, and leaves its text at `req.body`, where the library
 * looks once the stream is used up. Repeated fields pass: the library knows which may repeat (`resource`).
 * Other types are left unread, for the library to refuse.
 */
export async function boundBody(ctx: Context, bytes: number): Promise<void> {
  if (!ctx.is(FORM)) return;
  checkType(ctx, FORM);
  const text = await readText(ctx, bytes);
  // before the check, because the error presenter may need the caller
  (ctx.req as IncomingMessage & { body?: string }).body = text;
  parseFields(text, FIELDS);
}
