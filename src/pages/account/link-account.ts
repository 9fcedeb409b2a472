import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { UpstreamLinks } from '../../domain/settings/upstream-links.ts';
import type { UpstreamProvider, UpstreamProviders } from '../../domain/upstream/providers.ts';
import type { Transactions } from '../../domain/upstream/transactions.ts';
import { AppError } from '../../errors/app-error.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { noteError } from '../../http/refusal.ts';
import { browserOf } from '../kit/browser-of.ts';
import { LINKED_PATHS } from '../kit/paths.ts';
import { seeOther } from '../kit/submitted.ts';
import type { LinkFailure } from '../page-data/access-data.ts';
import type { AccountContext } from './account-context.ts';
import { type AccountArea, type AccountForm, withOutcome } from './account-page.ts';
import { withRecentSignIn } from './recent-sign-in.ts';

export interface LinkAccountDeps {
  providers: UpstreamProviders;
  transactions: Pick<Transactions, 'begin' | 'take' | 'forget'>;
  links: Pick<UpstreamLinks, 'link'>;
  guard: Pick<FormGuard, 'browser'>;
}

const FAILURES: { readonly [Code in ErrorCode]?: LinkFailure } = {
  UPSTREAM_DENIED: 'denied',
  UPSTREAM_INVALID: 'invalid',
  UPSTREAM_UNAVAILABLE: 'unavailable',
  BINDING_TAKEN: 'taken',
};

const failed = (failure: LinkFailure): string => `${LINKED_PATHS.list}?failed=${failure}`;

/** The next address, which shows the failure in the list if the list can explain it. */
async function explained(ctx: Context, work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    const failure = error instanceof AppError ? FAILURES[error.code] : undefined;
    if (failure === undefined) throw error;
    noteError(ctx, error);
    return failed(failure);
  }
}

/** The form that leads to a provider. It requires a recent sign-in. */
export const addLinkForm = ({ providers, transactions, guard }: LinkAccountDeps): AccountForm => ({
  action: LINKED_PATHS.add,
  submit: withRecentSignIn(async ({ identity_provider: id }, { account }, ctx) => {
    const provider = providers.find(id);
    if (!provider) return LINKED_PATHS.list;
    return explained(ctx, async () => {
      const expected = await transactions.begin({
        provider: provider.id,
        browser: browserOf(guard, ctx),
        part: { accountId: account.id },
      });
      return provider.party.authorizationUrl(expected, { again: false });
    });
  }),
});

/** `/account/linked/return`: links the account, in a browser in which its owner is still signed in. */
export function linkReturn({ accountContexts }: AccountArea, deps: LinkAccountDeps): Middleware {
  const { providers, transactions, links, guard } = deps;
  const router = new Router({ strict: true, sensitive: true });

  async function link(ctx: Context, { account }: AccountContext): Promise<string> {
    const browser = guard.browser(ctx);
    const by = browser === undefined ? undefined : { browser, part: { accountId: account.id } };
    const taken = by && (await transactions.take(String(ctx.query.state), by));
    const provider: UpstreamProvider | undefined = providers.find(taken?.provider);
    if (!taken || !provider) return LINKED_PATHS.list;
    const identity = await provider.party.redeem(taken.response, taken.expected);
    await links.link(account.id, { provider, identity }, { requestId: ctx.state.requestId });
    await transactions.forget(taken.id);
    return withOutcome(LINKED_PATHS.list, 'link_added');
  }

  router.get(LINKED_PATHS.back, async (ctx) => {
    const accountContext = await accountContexts.of(ctx);
    // nothing is linked without a signed-in person
    if (!accountContext) return accountContexts.signIn(ctx, LINKED_PATHS.list);
    seeOther(ctx, await explained(ctx, () => link(ctx, accountContext)));
  });
  return router.routes() as unknown as Middleware;
}
