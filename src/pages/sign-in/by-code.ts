import Router from '@koa/router';
import type { Middleware } from 'koa';
import { smsCodeMethod } from '../../domain/authenticators/sms-code/method.ts';
import type { SmsCodeAuthenticator } from '../../domain/authenticators/sms-code/sms-code.ts';
import { AppError } from '../../errors/app-error.ts';
import { browserOf } from '../kit/browser-of.ts';
import { pathOf, SIGN_IN_PATHS, SMS_PATHS } from '../kit/paths.ts';
import { seeOther } from '../kit/submitted.ts';
import { addCodeSteps, type CodeStepsDeps } from '../steps/code-steps.ts';
import { type FlowContextDeps, inSignIn } from '../steps/flow-context.ts';
import type { FlowContext } from '../steps/steps.ts';

export interface SignInCodeDeps extends CodeStepsDeps, Omit<FlowContextDeps, 'smsCode'> {
  smsCode: SmsCodeAuthenticator;
  loginEnded: (outcome: string) => void;
}

/** `/interaction/:uid/sms`: signing in with a code by SMS instead of the password. */
export function signInCodePages(deps: SignInCodeDeps): Middleware {
  const { interactions, guard, smsCode } = deps;
  const router = new Router({ strict: true, sensitive: true });
  const around = inSignIn(SMS_PATHS, deps);
  const context: FlowContext = {
    ...around,
    // a client that does not accept this method gets no code
    at: (ctx, step) =>
      around.at(ctx, (_, flow) =>
        flow.signIn?.methods.includes(smsCodeMethod.name) === false
          ? seeOther(ctx, pathOf(SIGN_IN_PATHS.current, flow.uid))
          : step(ctx, flow),
      ),
  };

  addCodeSteps(router, context, deps, {
    purpose: 'login',
    async entered(ctx, { signIn, path }, { mobile, code }) {
      if (!signIn) return path;
      try {
        const account = await smsCode.verify({
          mobile,
          code,
          browser: browserOf(guard, ctx),
          origin: deps.originOf(ctx),
          clientId: signIn.clientId,
          requestId: ctx.state.requestId,
        });
        deps.loginEnded('right');
        return await interactions.factorCompleted(ctx, signIn.uid, account.id, smsCodeMethod.name);
      } catch (error) {
        const reason = error instanceof AppError ? error.code : undefined;
        if (reason === 'CODE_WRONG') deps.loginEnded('wrong');
        if (reason === 'TOO_MANY_ATTEMPTS') deps.loginEnded('limited');
        throw error;
      }
    },
  });
  return router.routes() as unknown as Middleware;
}
