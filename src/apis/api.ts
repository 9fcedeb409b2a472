import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { AppError } from '../errors/app-error.ts';
import { noteError } from '../http/refusal.ts';
import { methodsInstead, routesPassed } from '../http/route.ts';

/** What a contract finds wrong with a request, before any operation sees it. */
export interface Finding {
  /** The member of the body, the parameter or the header. */
  field: string;
  problem: 'required' | 'type' | 'length' | 'format' | 'unknown';
}

/** The promises of an API, by operation: made from its OpenAPI document. */
export interface Contract {
  /** Everything that is wrong with the request; nothing when it may be read. */
  checkRequest(operationId: string, request: RequestParts): Finding[];
  /** Throws when the answer is not the documented one; in tests only. */
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

/** One request of an API. `read` and `write` know only the wire; `run` is one call into the domain. */
export interface Operation<Caller, In, Out> {
  /** The `operationId` of the OpenAPI document. */
  id: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  path: string;
  /** True for what needs no caller; `authenticate` is not asked then. */
  open?: boolean;
  /** True for what answers with a bearer token. */
  issuesToken?: boolean;
  /** Reads the body, when there is one to be checked against the contract. */
  body?: (ctx: Context) => Promise<unknown>;
  read(ctx: Context, parts: RequestParts): In | Promise<In>;
  run(input: In, caller: Caller, ctx: Context): Promise<Out>;
  write(ctx: Context, output: Out): void;
}

/** An operation with its types of input and output erased. */
export type AnyOperation<Caller> = Operation<Caller, never, never>;

/** Lets an operation be listed with others without losing what its own parts know of each other. */
export const operation = <Caller, In, Out>(one: Operation<Caller, In, Out>): AnyOperation<Caller> =>
  one as unknown as AnyOperation<Caller>;

/** A foreign API as a value. */
export interface Api<Caller> {
  name: string;
  contract: Contract;
  /** Accepts one slash after a path as well. */
  trailingSlash?: boolean;
  operations: readonly AnyOperation<Caller>[];
  /** The authenticated caller; throws when there is none. */
  authenticate(ctx: Context, operation: { id: string }): Promise<Caller>;
  /**
   * Turns what the contract found into the API's own error, together with what reading the rest of the request threw:
   * a caller gets all problems at once.
   */
  refuse(operation: { id: string }, findings: Finding[], reading?: unknown): Error;
  /** Turns whatever was thrown into the API's own answer. Rethrows what only the edge can answer. */
  presentError(ctx: Context, error: unknown, operation: { id: string }): void;
}

/** Reads the request; when the contract found something, only to learn what else is wrong. */
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

/** The steps of every operation, in this order and no other; no API can leave one out. */
async function serve<Caller>(api: Api<Caller>, one: AnyOperation<Caller>, ctx: Context): Promise<void> {
  // a client that binds its tokens to a key would take these for bound
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
 * The middleware of an API: routes to its operations, everything else goes on to the next. A path of the API that comes
 * back with a method that nobody has is refused in the API's own format.
 */
export function serveApi<Caller>(api: Api<Caller>): Middleware {
  const router = new Router({ strict: true, sensitive: true });
  const operationOf = new Map<object, AnyOperation<Caller>>();
  for (const one of api.operations) {
    const paths = api.trailingSlash ? [one.path, `${one.path}/`] : one.path;
    router[one.method](paths, async (ctx: Context) => {
      try {
        await serve(api, one, ctx);
      } catch (error) {
        noteError(ctx, error);
        api.presentError(ctx, error, one);
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
    api.presentError(ctx, new AppError('METHOD_NOT_ALLOWED'), one);
  };
}
