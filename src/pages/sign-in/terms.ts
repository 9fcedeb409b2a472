import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { ACCOUNT_CLIENT } from '../../domain/clients/built-in-clients.ts';
import type { ConsentRecords } from '../../domain/consent-records/consent-records.ts';
import { AppError } from '../../errors/app-error.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { pathOf, SIGN_IN_PATHS } from '../kit/paths.ts';
import { pageLocale, type Show } from '../kit/show.ts';
import { seeOther } from '../kit/submitted.ts';
import { type SignInAtPage, type SubmittedStepDeps, submittedStep } from './submitted-step.ts';

export interface TermsPageDeps extends SubmittedStepDeps {
  interactions: SubmittedStepDeps['interactions'] & {
    termsAnswered(ctx: Context, uid: string): Promise<string>;
  };
  consentRecords: Pick<ConsentRecords, 'due' | 'accept'>;
  guard: Pick<FormGuard, 'token'>;
  show: Show;
}

/**
 * My account accepts people who have not accepted the terms, so that they can export their data or delete the
 * account.
 */
const mayBeLater = ({ clientId }: SignInAtPage): boolean => clientId === ACCOUNT_CLIENT.id;

/**
 * `/interaction/:uid/terms`: the step of a sign-in that asks the person to accept the terms and privacy policy in
 * force.
 */
export function termsPage(deps: TermsPageDeps): Middleware {
  const { interactions, consentRecords, guard, show } = deps;
  const submitted = submittedStep(deps);
  const router = new Router({ strict: true, sensitive: true });

  const dueFor = ({ accountId }: SignInAtPage) => {
    if (accountId === undefined) throw new AppError('INTERACTION_EXPIRED');
    return consentRecords.due(accountId);
  };

  router.get(SIGN_IN_PATHS.terms, async (ctx: Context) => {
    const view = await interactions.find(ctx, String(ctx.params.uid));
    const due = view.step === 'terms' ? await dueFor(view) : [];
    // accepted in another tab, or another step is due
    if (due.length === 0)
      return seeOther(
        ctx,
        view.step === 'terms'
          ? await interactions.termsAnswered(ctx, view.uid)
          : pathOf(SIGN_IN_PATHS.current, view.uid),
      );
    const action = pathOf(SIGN_IN_PATHS.terms, view.uid);
    const data = {
      client: view.client,
      texts: due.map(({ purpose, version, uri }) => ({ purpose, version, uri })),
      isNew: due.every(({ standing }) => standing === 'not_given'),
      ...{ action, mayBeLater: mayBeLater(view), csrf: guard.token(ctx) },
      cancelAction: pathOf(SIGN_IN_PATHS.abort, view.uid),
    };
    show(ctx, 'sign-in/terms', data, { uiLocales: view.uiLocales, address: action });
  });

  router.post(SIGN_IN_PATHS.terms, async (ctx: Context) => {
    const { form, view, inTurn } = await submitted(ctx, 'terms');
    if (!inTurn) return seeOther(ctx, pathOf(SIGN_IN_PATHS.current, view.uid));
    const due = await dueFor(view);
    const isLater = form.answer === 'later' && mayBeLater(view);
    // only the shown versions can be accepted: a version that has changed in the meantime is shown first
    const isShown = due.every(({ purpose, version }) => form[purpose] === version);
    if (!isLater && !(form.answer === 'accept' && isShown))
      return seeOther(ctx, pathOf(SIGN_IN_PATHS.terms, view.uid));
    if (!isLater && view.accountId !== undefined)
      await consentRecords.accept(view.accountId, {
        ...{ channel: 'pages', language: pageLocale(ctx, view.uiLocales), clientId: view.clientId },
      });
    seeOther(ctx, await interactions.termsAnswered(ctx, view.uid));
  });

  return router.routes() as unknown as Middleware;
}
