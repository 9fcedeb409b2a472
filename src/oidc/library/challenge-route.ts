import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import {
  answerErrors,
  assembleParams,
  assignClaims,
  assignDefaults,
  authenticateClient,
  checkClaims,
  checkDpopJkt,
  checkExtraParams,
  checkOpenidScope,
  checkPKCE,
  checkResource,
  checkScope,
  getClientAuthParams,
  internalsOf,
  noCache,
  readForm,
  rejectDupes,
} from './internals.ts';

type Step = Parameters<ReturnType<typeof internalsOf>['router']['post']>[2];

interface ChallengeRoute {
  /** The name in URLs, events and `ctx.oidc.route`. */
  name: string;
  path: string;
  /** The parameters in addition to those of client authentication. */
  parameters: readonly string[];
  /** Throws for a client that may not use the endpoint. */
  admit(ctx: KoaContextWithOIDC): void;
  /**
   * Returns whether the request is an authorization request, and not the continuation of one. Completes its parameters.
   */
  begins(ctx: KoaContextWithOIDC): boolean;
  handle(ctx: KoaContextWithOIDC): Promise<void>;
}

/** The library's checks of a pushed authorization request, in its order, as far as they apply without a redirect. */
const OF_REQUESTS: readonly Step[] = [
  assignDefaults,
  checkScope,
  checkOpenidScope,
  checkPKCE,
  checkClaims,
  checkResource,
  checkDpopJkt,
  checkExtraParams,
];

const MAY_REPEAT = { except: new Set(['resource']) };

/** Runs steps one after another. */
const inOrder =
  (steps: readonly Step[]): Step =>
  (ctx, next) =>
    steps.reduceRight<() => Promise<void>>(
      (after, step) => async () => void (await step(ctx, after)),
      next,
    )();

/**
 * Adds an endpoint to those of the library, with its client authentication, its checks of an authorization request, its
 * proofs of possession and its errors.
 */
export function addChallengeRoute(provider: Provider, route: ChallengeRoute): void {
  const withContext: Step = (ctx, next) => {
    const oidc = new provider.OIDCContext(ctx as never);
    Object.defineProperty(ctx, 'oidc', { value: oidc });
    return next();
  };
  const withParameters: Step = (ctx, next) =>
    assembleParams(new Set([...route.parameters, ...getClientAuthParams(ctx)]), ctx, next);
  const admitted: Step = (ctx, next) => {
    route.admit(ctx);
    return next();
  };
  const ofRequests = inOrder(OF_REQUESTS);
  internalsOf(provider).router.post(
    route.name,
    route.path,
    ...[noCache, withContext, answerErrors(`${route.name}.error`), readForm, withParameters],
    (ctx, next) => rejectDupes(MAY_REPEAT, ctx, next),
    ...authenticateClient,
    admitted,
    (ctx, next) => (route.begins(ctx) ? ofRequests(ctx, next) : checkDpopJkt(ctx, next)),
    (ctx) => route.handle(ctx),
  );
}

const nothing = async (): Promise<void> => {};

/** Resolves the resources and claims of a request that was checked before again. */
export async function takeUpRequest(ctx: KoaContextWithOIDC): Promise<void> {
  await checkResource(ctx, nothing);
  await assignClaims(ctx, nothing);
}
