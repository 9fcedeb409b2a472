import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { AppError } from '../errors/app-error.ts';
import { noteError } from '../http/refusal.ts';
import { methodsInstead, routesPassed } from '../http/route.ts';
import { hasUnreadBody } from '../http/unread-body.ts';

/** A problem that a contract finds in a request, before the operation reads it. */
export interface Finding {
  /** The member of the body, the parameter or the header. */
  field: string;
  problem: 'required' | 'type' | 'length' | 'format' | 'unknown';
}

/** The contract of an API, by operation, created from its OpenAPI document. */
export interface Contract {
  /** Returns all problems of the request; none if it may be read. */
  checkRequest(operationId: string, request: RequestParts): Finding[];
  /** Throws if the response is not the documented one. Only used in tests. */
  checkAnswer?(operationId: string, answer: CheckedAnswer): void;
}

export interface CheckedAnswer {
  status: number;
  type: string;
  body: unknown;
  headers: Record<string, unknown>;
}

export interface RequestParts {
  params: Record<string, string>;
  query: Record<string, unknown>;
  body: unknown;
}

/** An operation of an API. `read` and `write` handle only the wire format; `run` is one call into the domain. */
export interface Operation<Caller, In, Out> {
  /** The `operationId` of the OpenAPI document. */
  id: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  path: string;
  /** Whether the operation needs no caller. `authenticate` is then not called. */
  open?: boolean;
  /** Whether the response contains a bearer token. */
  issuesToken?: boolean;
  /** Reads the body, if there is one to be checked against the contract. */
  body?: (ctx: Context) => Promise<unknown>;
  read(ctx: Context, parts: RequestParts): In | Promise<In>;
  run(input: In, caller: Caller, ctx: Context): Promise<Out>;
  write(ctx: Context, output: Out): void;
}

/** An operation with its types of input and output erased. */
export type AnyOperation<Caller> = Operation<Caller, never, never>;

/**
 * Allows operations of different types in one list, while the parts of each operation are still type-checked together.
 */
export const operation = <Caller, In, Out>(one: Operation<Caller, In, Out>): AnyOperation<Caller> =>
  one as unknown as AnyOperation<Caller>;

/** The definition of an API. */
export interface Api<Caller> {
  name: string;
  contract: Contract;
  /** Whether a path may also end with one slash. */
  trailingSlash?: boolean;
  operations: readonly AnyOperation<Caller>[];
  /** Returns the authenticated caller. Throws if there is none. */
  authenticate(ctx: Context, operation: { id: string }): Promise<Caller>;
  /**
   * Converts the findings of the contract into an error of the API. Includes the error that was thrown when the rest of
   * the request was read, so that a caller gets all problems together.
   */
  refuse(operation: { id: string }, findings: Finding[], reading?: unknown): Error;
  /** Converts anything thrown into a response of the API. Rethrows errors that only the error boundary can handle. */
  presentError(ctx: Context, error: unknown, operation: { id: string }): void;
}

/** Reads the request. If the contract found problems, reads it only to find further problems, and throws. */
async function read<Caller>(
  api: Api<Caller>,
  one: AnyOperation<Caller>,
  ctx: Context,
  parts: RequestParts,
  findings: Finding[],
): Promise<never> {
  if (findings.length === 0) return one.read(ctx, parts);
  const problem = await Promise.resolve()
    .then(() => one.read(ctx, parts))
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  throw api.refuse(one, findings, problem);
}

/** Runs the steps of every operation, always in this order. No API can omit one. */
async function serve<Caller>(api: Api<Caller>, one: AnyOperation<Caller>, ctx: Context): Promise<void> {
  // a client that binds its tokens to a key would assume that these are bound
  if (one.issuesToken && ctx.get('DPoP') !== '') throw new AppError('DPOP_NOT_SUPPORTED');
  const caller = one.open ? (undefined as Caller) : await api.authenticate(ctx, one);
  const parts: RequestParts = {
    params: ctx.params as Record<string, string>,
    query: { ...ctx.query },
    body: await one.body?.(ctx),
  };
  const findings = api.contract.checkRequest(one.id, parts);
  const input = await read(api, one, ctx, parts, findings);
  const output = await one.run(input, caller, ctx);
  one.write(ctx, output);
}

function checkAnswer<Caller>({ contract }: Api<Caller>, { id }: { id: string }, ctx: Context): void {
  const { status, body } = ctx;
  contract.checkAnswer?.(id, { status, type: ctx.response.type, body, headers: ctx.response.headers });
}

/** Whether a request for one of the API's paths was not handled because of its method. */
const isWrongMethod = (ctx: Context): boolean =>
  ctx.status === 404 && ctx.body == null && methodsInstead(ctx).length > 0;

/**
 * Creates the middleware of an API. Routes requests to its operations, and passes any other request on. Rejects a
 * request for a path of the API with a method that no route has, in the format of the API.
 */
export function serveApi<Caller>(api: Api<Caller>): Middleware {
  const router = new Router({ strict: true, sensitive: true });
  const operationOf = new Map<object, AnyOperation<Caller>>();
  const refuse = (ctx: Context, error: unknown, one: AnyOperation<Caller>): void => {
    api.presentError(ctx, error, one);
    if (hasUnreadBody(ctx)) ctx.set('Connection', 'close');
  };
  for (const one of api.operations) {
    const paths = api.trailingSlash ? [one.path, `${one.path}/`] : one.path;
    router[one.method](paths, async (ctx: Context) => {
      try {
        await serve(api, one, ctx);
      } catch (error) {
        noteError(ctx, error);
        refuse(ctx, error, one);
      }
      checkAnswer(api, one, ctx);
    });
    for (const layer of router.stack) if (!operationOf.has(layer)) operationOf.set(layer, one);
  }
  const routes = router.routes() as unknown as Middleware;
  return async (ctx, next) => {
    await routes(ctx, next);
    if (!isWrongMethod(ctx)) return;
    const near = routesPassed(ctx).find((layer) => operationOf.has(layer));
    const one = near && operationOf.get(near);
    if (!one) return;
    ctx.set('Allow', methodsInstead(ctx).join(', '));
    refuse(ctx, new AppError('METHOD_NOT_ALLOWED'), one);
  };
}
