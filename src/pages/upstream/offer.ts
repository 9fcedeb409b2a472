import type { Context } from 'koa';
import { upstreamMethod } from '../../domain/authenticators/upstream/method.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import type { UpstreamIdentity } from '../../domain/upstream/connector.ts';
import type { UpstreamProviders } from '../../domain/upstream/providers.ts';
import type { Transactions } from '../../domain/upstream/transactions.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { pathOf, REGISTER_PATHS, UPSTREAM_PATHS } from '../kit/paths.ts';
import { shownProvider } from '../kit/shown-provider.ts';
import type { PendingLink, ProviderChoice, UpstreamOffer } from '../page-data/upstream-data.ts';

/** The displayed name of a person at a provider: the e-mail address, otherwise the first and last name. */
export const personName = ({ email, firstName, lastName }: UpstreamIdentity): string | undefined =>
  email ?? ([firstName, lastName].filter((name) => name !== undefined).join(' ') || undefined);

/** The buttons of `/register`, which begin a sign-in. Undefined without providers. */
export const registerChoice =
  (providers: Pick<UpstreamProviders, 'list'>) => (): ProviderChoice | undefined =>
    providers.list.length === 0
      ? undefined
      : { action: REGISTER_PATHS.upstream, providers: providers.list.map(shownProvider) };

export interface UpstreamOfferDeps {
  providers: UpstreamProviders;
  transactions: Pick<Transactions, 'proved'>;
  guard: Pick<FormGuard, 'browser'>;
}

interface Found {
  uid: string;
  methods: readonly MethodName[];
}

/** Adds to each step the providers that it can be completed with. */
export const offering = <Steps extends { find(ctx: Context, uid: string): Promise<Found> }>(
  steps: Steps,
  { providers, transactions, guard }: UpstreamOfferDeps,
): Steps => {
  async function linking(ctx: Context, uid: string): Promise<PendingLink | undefined> {
    const person = await transactions.proved(uid, guard.browser(ctx));
    const provider = providers.find(person?.provider);
    if (!person?.links || !provider) return undefined;
    return {
      provider: shownProvider(provider),
      person: personName(person.identity),
      forgetAction: pathOf(UPSTREAM_PATHS.forget, uid),
    };
  }

  return {
    ...steps,
    async find(ctx: Context, uid: string) {
      const step = await steps.find(ctx, uid);
      if (!step.methods.includes(upstreamMethod.name)) return step;
      const upstream: UpstreamOffer = {
        action: pathOf(UPSTREAM_PATHS.choose, uid),
        providers: providers.list.map(shownProvider),
        linking: await linking(ctx, uid),
      };
      return { ...step, upstream };
    },
  };
};
