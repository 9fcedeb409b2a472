import type { Context } from 'koa';
import type { Account } from '../../domain/accounts/account.ts';
import { smsCodeMethod } from '../../domain/authenticators/sms-code/method.ts';
import type { SmsCodeAuthenticator } from '../../domain/authenticators/sms-code/sms-code.ts';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import { AppError } from '../../errors/app-error.ts';
import { type CodePaths, pathOf, SIGN_IN_PATHS } from '../kit/paths.ts';
import { seeOther } from '../kit/submitted.ts';
import type { ProviderChoice } from '../page-data/upstream-data.ts';
import type { Arrivals } from './arrival.ts';
import type { CurrentSignIn, Flow, FlowContext, Step, StepCookie } from './steps.ts';

/** A sign-in in progress, as the steps within it need it. */
export interface SignInInProgress extends CurrentSignIn {
  step: 'account' | 'login' | 'terms' | 'contacts' | 'passkey' | 'consent';
  originalUrl: string | undefined;
  /** The provider with which the client requests the person to sign in. */
  identityProvider: string | undefined;
}

export interface FlowContextDeps {
  interactions: {
    find(ctx: Context, uid: string): Promise<SignInInProgress>;
    factorCompleted(ctx: Context, uid: string, accountId: number, method: MethodName): Promise<string>;
  };
  smsCode: Pick<SmsCodeAuthenticator, 'afterVerification'>;
  /** Also sets a cookie by which the browser is recognised from now on. */
  originOf: (ctx: Context) => Origin;
  stepCookie: StepCookie;
}

/** Steps that are not part of a sign-in. They end, signed in, at a page that shows the outcome. */
export const onTheirOwn = <Paths extends CodePaths & { done: string }>(
  paths: Paths,
  arrivals: Pick<Arrivals, 'expect'>,
  choice: () => ProviderChoice | undefined = () => undefined,
): FlowContext<Paths> => ({
  paths,
  at: async (ctx, step) => step(ctx, { path: paths.mobile, providers: choice() }),
  async goOn(ctx, _flow, mobile) {
    arrivals.expect(ctx, mobile);
    return paths.done;
  },
});

const isOver = (error: unknown): boolean => error instanceof AppError && error.code === 'INTERACTION_EXPIRED';

/**
 * Steps within a sign-in, which returns to the client afterwards. Each step checks the sign-in again. A sign-in can
 * end too early, because its cookie is lost or it has expired. A person who has verified a mobile may then finish the
 * steps, and the client's request begins again. For any other person, the error page explains how to restart.
 */
export function inSignIn<Paths extends CodePaths>(paths: Paths, deps: FlowContextDeps): FlowContext<Paths> {
  const { interactions, stepCookie } = deps;

  async function afterTheEnd(ctx: Context, uid: string, step: Step): Promise<void> {
    const path = pathOf(paths.mobile, uid);
    const { originalUrl, code } = stepCookie.read(ctx, path) ?? {};
    if (originalUrl === undefined || code === undefined) throw new AppError('INTERACTION_EXPIRED');
    return step(ctx, { path, uid, originalUrl });
  }

  async function finished(ctx: Context, flow: Flow, account: Account): Promise<string | undefined> {
    const { signIn, originalUrl } = flow;
    if (!signIn) return originalUrl;
    try {
      return await interactions.factorCompleted(ctx, signIn.uid, account.id, smsCodeMethod.name);
    } catch (error) {
      // ending the account's older sessions may also end the sign-in that one of them began
      if (isOver(error)) return originalUrl;
      throw error;
    }
  }

  return {
    paths,
    async at(ctx, step) {
      const uid = String(ctx.params.uid);
      let found: SignInInProgress;
      try {
        found = await interactions.find(ctx, uid);
      } catch (error) {
        if (isOver(error)) return afterTheEnd(ctx, uid, step);
        throw error;
      }
      if (found.step !== 'login') return seeOther(ctx, pathOf(SIGN_IN_PATHS.current, uid));
      await step(ctx, {
        path: pathOf(paths.mobile, uid),
        uid,
        signIn: found,
        originalUrl: found.originalUrl,
        providers: found.upstream,
      });
    },
    async goOn(ctx, flow, mobile) {
      const account = await deps.smsCode.afterVerification({
        mobile,
        origin: deps.originOf(ctx),
        clientId: flow.signIn?.clientId,
        requestId: ctx.state.requestId,
      });
      const uid = String(ctx.params.uid);
      return (account && (await finished(ctx, flow, account))) ?? pathOf(SIGN_IN_PATHS.current, uid);
    },
  };
}
