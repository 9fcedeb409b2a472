import type { Context } from 'koa';
import type { IdempotentResponses } from '../../domain/idempotency/idempotent-responses.ts';
import { AppError } from '../../errors/app-error.ts';
import { readJsonOrForm } from '../../http/body.ts';
import { type AnyOperation, operation, type RequestParts } from '../api.ts';
import type { Caller } from './authenticate.ts';

/** A response as it is stored for an `Idempotency-Key`. */
export interface Reply {
  status: number;
  body?: unknown;
  etag?: string;
  /** The path of the resource that was created. */
  location?: string;
  /** Further headers. */
  headers?: Readonly<Record<string, string>>;
}

export interface Described {
  id: string;
  method: 'get' | 'post' | 'patch' | 'delete';
  path: string;
  /** Whether it has a JSON body. */
  hasBody?: boolean;
  /** Whether it reads and returns a stream, which is not repeated for an `Idempotency-Key`. */
  streams?: boolean;
  run(parts: RequestParts, ctx: Context): Promise<Reply>;
}

export interface OperationDeps {
  idempotentResponses: IdempotentResponses;
  bodyBytes: number;
}

const KEY = /^[\x21-\x7e]{1,200}$/;
const JSON_TYPES = ['application/json', 'application/merge-patch+json'];

async function readBody(ctx: Context, bytes: number): Promise<unknown> {
  if (ctx.is(JSON_TYPES) === false) throw new AppError('UNSUPPORTED_MEDIA_TYPE');
  const body = await readJsonOrForm(ctx, { bytes, form: false });
  // the check of a request takes it for no body at all, and operations expect an object
  if (body === null) throw new AppError('BAD_REQUEST');
  return body;
}

/**
 * Creates the operations of the Admin API, each with the common parts: a JSON body, `Idempotency-Key` and the response.
 */
export function adminOperations(
  { idempotentResponses, bodyBytes }: OperationDeps,
  described: readonly Described[],
): AnyOperation<Caller>[] {
  return described.map(({ id, method, path, hasBody, streams, run }) =>
    operation<Caller, RequestParts, Reply>({
      id,
      method,
      path,
      ...(hasBody ? { body: (ctx: Context) => readBody(ctx, bodyBytes) } : {}),
      read: (_ctx, parts) => parts,
      async run(parts, { actor }, ctx) {
        const key = ctx.get('Idempotency-Key');
        if (method !== 'post' || streams || key === '') return run(parts, ctx);
        if (!KEY.test(key)) throw new AppError('BAD_REQUEST', { field: 'Idempotency-Key' });
        const request = {
          key: JSON.stringify([actor, id, key]),
          content: JSON.stringify([parts.params, parts.query, parts.body]),
        };
        const response = await idempotentResponses.once(request, async () =>
          JSON.stringify(await run(parts, ctx)),
        );
        return JSON.parse(response) as Reply;
      },
      write(ctx, { status, body, etag, location, headers = {} }) {
        ctx.set('Cache-Control', 'no-store');
        if (etag !== undefined) ctx.set('ETag', `"${etag}"`);
        if (location !== undefined) ctx.set('Location', location);
        ctx.set(headers);
        // without an explicit null, Koa writes the status text
        ctx.body = body ?? null;
        ctx.status = status;
      },
    }),
  );
}

export const ok = (body: unknown, etag?: string): Reply => ({
  status: 200,
  body,
  ...(etag === undefined ? {} : { etag }),
});
export const noContent: Reply = { status: 204 };

const DEFAULT_LIMIT = 50;

/** Returns the page parameters of a list, which the contract has checked. */
export const pageIn = ({ limit, after }: Record<string, unknown>): { limit: number; after?: string } => ({
  limit: limit === undefined ? DEFAULT_LIMIT : Number(limit),
  ...(after === undefined ? {} : { after: String(after) }),
});

const ID = /^[1-9]\d{0,14}$/;

/** Returns the id of the account in the path. Throws `ACCOUNT_NOT_FOUND` for anything that is not an id. */
export function accountIdIn({ params }: RequestParts, name = 'id'): number {
  const text = params[name] ?? '';
  if (!ID.test(text)) throw new AppError('ACCOUNT_NOT_FOUND');
  return Number(text);
}

/** Returns a parameter of the query that is given once. */
export const textIn = ({ query }: RequestParts, name: string): string | undefined => {
  const value = query[name];
  return value === undefined ? undefined : String(value);
};

/** Returns a time of the query. Throws `BAD_REQUEST` if JavaScript cannot read it, as with a leap second. */
export function timeIn(parts: RequestParts, name: string): Date | undefined {
  const text = textIn(parts, name);
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new AppError('BAD_REQUEST', { field: name });
  return time;
}

const ENTITY_TAG = /^"[\x21\x23-\x7e]*"$/;

/**
 * Returns a check of the current version against `If-Match` (RFC 9110 §13.1.1). One of the entity tags must match in a
 * strong comparison, so a weak tag never matches. The check throws `PRECONDITION_FAILED`. A value that is not an entity
 * tag causes `BAD_REQUEST`.
 */
export function precondition(ctx: Context): (version: string) => void {
  const header = ctx.get('If-Match').trim();
  if (header === '' || header === '*') return () => {};
  const tags = header.split(',').map((tag) => tag.trim());
  if (tags.some((tag) => !ENTITY_TAG.test(tag.replace(/^W\//, ''))))
    throw new AppError('BAD_REQUEST', { field: 'If-Match' });
  return (version) => {
    if (!tags.includes(`"${version}"`)) throw new AppError('PRECONDITION_FAILED');
  };
}
