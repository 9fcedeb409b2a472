import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Account } from '../../domain/accounts/account.ts';
import type { SecondFactors } from '../../domain/second-factors/second-factors.ts';
import { type ContactConfirmation, unconfirmedContacts } from '../../domain/settings/contact-confirmation.ts';
import { nationalMobile } from '../../domain/values/mobile.ts';
import { AppError } from '../../errors/app-error.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { pathOf, SIGN_IN_PATHS } from '../kit/paths.ts';
import type { Show } from '../kit/show.ts';
import { type ReadSubmitted, seeOther } from '../kit/submitted.ts';
import { dayWriter } from '../page-data/days.ts';
import type { SignInInProgress } from '../steps/flow-context.ts';

export interface InteractionContactsDeps {
  interactions: {
    find(ctx: Context, uid: string): Promise<SignInInProgress & { accountId: number | undefined }>;
    contactsAnswered(ctx: Context, uid: string): Promise<string>;
  };
  accounts: { find(id: number): Promise<Account | undefined> };
  contactConfirmation: ContactConfirmation;
  secondFactors: Pick<SecondFactors, 'list'>;
  guard: Pick<FormGuard, 'token'>;
  submitted: ReadSubmitted;
  /** The IANA name of the time zone in which days are shown. */
  timeZone: string;
  show: Show;
}

/**
 * `/interaction/:uid/contacts`: the step of a sign-in after a recovery. It asks which of the account's other contacts
 * are the person's own. It can be postponed, and is repeated at the next sign-in.
 */
export function interactionContactsPage(deps: InteractionContactsDeps): Middleware {
  const { interactions, show } = deps;
  const written = dayWriter(deps.timeZone);
  const router = new Router({ strict: true, sensitive: true });

  /** The signed-in account, if this step is due. */
  async function asked(ctx: Context, uid: string): Promise<{ view: SignInInProgress; account?: Account }> {
    const view = await interactions.find(ctx, uid);
    if (view.step !== 'contacts') return { view };
    const account = view.accountId === undefined ? undefined : await deps.accounts.find(view.accountId);
    if (!account) throw new AppError('INTERACTION_EXPIRED');
    return { view, account };
  }

  router.get(SIGN_IN_PATHS.contacts, async (ctx: Context) => {
    const uid = String(ctx.params.uid);
    const { view, account } = await asked(ctx, uid);
    if (!account) return seeOther(ctx, pathOf(SIGN_IN_PATHS.current, uid));
    const { authenticators } = await deps.secondFactors.list(account.id);
    const contacts = unconfirmedContacts(account).map(({ kind, value, addedAt }) => ({
      kind,
      value,
      shown: kind === 'mobile' ? nationalMobile(value) : value,
      addedOn: written(addedAt),
      isSecondFactor: authenticators.some(({ method }) => method === (kind === 'mobile' ? 'sms' : kind)),
    }));
    const action = pathOf(SIGN_IN_PATHS.contacts, uid);
    const data = { client: view.client, contacts, action, csrf: deps.guard.token(ctx) };
    show(ctx, 'sign-in/contacts', data, { uiLocales: view.uiLocales, address: action });
  });

  router.post(SIGN_IN_PATHS.contacts, async (ctx: Context) => {
    const { kind = '', value = '', answer = '' } = await deps.submitted(ctx);
    const uid = String(ctx.params.uid);
    const { account } = await asked(ctx, uid);
    if (!account) return seeOther(ctx, pathOf(SIGN_IN_PATHS.current, uid));
    const waiting = unconfirmedContacts(account);
    const named = waiting.find((contact) => contact.kind === kind && contact.value === value);
    // a repeated submission names a contact that no longer awaits an answer
    if (named && (answer === 'mine' || answer === 'not_mine'))
      await deps.contactConfirmation.answer({ account, kind: named.kind, value, isMine: answer === 'mine' });
    const isLater = answer === 'later';
    const left = named ? waiting.length - 1 : waiting.length;
    seeOther(
      ctx,
      isLater || left === 0
        ? await interactions.contactsAnswered(ctx, uid)
        : pathOf(SIGN_IN_PATHS.contacts, uid),
    );
  });

  return router.routes() as unknown as Middleware;
}
