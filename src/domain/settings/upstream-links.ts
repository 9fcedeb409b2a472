import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { existing } from '../accounts/accounts.ts';
import { localeOf, notify } from '../accounts/notices.ts';
import { type BindingChanger, bindings } from '../bindings/bindings.ts';
import type { Outbox } from '../messages/outbox.ts';
import type { UpstreamIdentity } from '../upstream/connector.ts';
import type { UpstreamProvider, UpstreamProviders } from '../upstream/providers.ts';
import { keepToken } from '../upstream/revocations.ts';
import type { Transactions } from '../upstream/transactions.ts';
import { inLanguage } from '../values/locale.ts';

/** Links between accounts and persons at the configured providers, used to sign in. */
export interface UpstreamLinks {
  /**
   * Links a new account, or one whose owner is signed in, in the caller's transaction. Returns false if the account is
   * already linked with the provider; that link is kept. Throws `BINDING_TAKEN` if the person is linked with another
   * account.
   */
  add(
    db: Db,
    accountId: number,
    link: { provider: UpstreamProvider; identity: UpstreamIdentity },
    by?: BindingChanger,
  ): Promise<boolean>;
  /** The same for an existing account, whose owner is notified. */
  link(
    accountId: number,
    link: { provider: UpstreamProvider; identity: UpstreamIdentity },
    by?: BindingChanger,
  ): Promise<boolean>;
  /**
   * After a sign-in, links its account with the person who requested the link in the same sign-in and browser. If that
   * person has been linked with another account in the meantime, that link is kept.
   */
  linkPending(signIn: { interaction: string; browser: string | undefined; accountId: number }): Promise<void>;
}

interface Deps {
  db: Db;
  keyring: Keyring;
  outbox: (db: Db) => Outbox;
  providers: Pick<UpstreamProviders, 'find' | 'list'>;
  transactions: Pick<Transactions, 'proved' | 'end'>;
}

/** The status of an active link. */
const LINKED = '1';

export function upstreamLinks({ db, keyring, outbox, providers, transactions }: Deps): UpstreamLinks {
  const add: UpstreamLinks['add'] = async (on, accountId, { provider, identity }, by) => {
    const { externalId, revocable } = identity;
    const binding = { provider: provider.binding, externalId, status: LINKED };
    if (!(await bindings({ db: on }).add(accountId, binding, by))) return false;
    if (revocable !== undefined)
      await keepToken({ db: on, keyring }, { accountId, binding: provider.binding, token: revocable });
    return true;
  };

  const linkIn: (tx: Db, ...link: Parameters<UpstreamLinks['link']>) => Promise<boolean> = async (
    tx,
    accountId,
    link,
    by,
  ) => {
    const account = await existing(tx, accountId);
    if (!(await add(tx, accountId, link, by))) return false;
    const names = { provider: inLanguage(link.provider.name, localeOf(account)) };
    await notify({ outbox: outbox(tx) }, account, 'sign-in-linked', names);
    return true;
  };

  return {
    add,
    link: (accountId, link, by) => transaction(db, (tx) => linkIn(tx, accountId, link, by)),
    async linkPending({ interaction, browser, accountId }) {
      if (providers.list.length === 0) return;
      const person = await transactions.proved(interaction, browser);
      const provider = providers.find(person?.provider);
      if (!person?.links || !provider) return;
      const { identity } = person;
      try {
        await transaction(db, async (tx) => {
          if (await transactions.end(tx, person.id)) await linkIn(tx, accountId, { provider, identity });
        });
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'BINDING_TAKEN')) throw error;
      }
    },
  };
}
