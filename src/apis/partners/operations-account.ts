import type { Context } from 'koa';
import type { Account } from '../../domain/accounts/account.ts';
import type { Accounts } from '../../domain/accounts/accounts.ts';
import type { Binding, BindingChanger, Bindings } from '../../domain/bindings/bindings.ts';
import { mayBind } from '../../domain/partners/partners.ts';
import { AppError } from '../../errors/app-error.ts';
import { readJson } from '../../http/body.ts';
import { operation } from '../api.ts';
import type { Caller } from './authenticate.ts';
import { accountBody } from './wire.ts';

interface Deps {
  accounts: Pick<Accounts, 'find'>;
  bindings: Bindings;
  /** The maximum size of a body. */
  bodyBytes: number;
}

interface Shown {
  account: Account;
  bindings: Binding[];
}

interface BindingChange {
  id: string;
  provider: string;
  externalId: string;
  status: string;
}

const LINKED = '1';

const textOf = (body: unknown, member: string): string | undefined =>
  (body as Record<string, string | undefined>)[member];

/**
 * Returns the account in the path if it is the account of the token. Any other account gets the same response,
 * regardless of whether it exists.
 */
function ownAccount(id: string | undefined, { accountId }: Caller): number {
  if (accountId === undefined || id !== String(accountId)) throw new AppError('INVALID_TOKEN');
  return accountId;
}

/** Returns the account whose binding the caller may change. */
function bindable({ id, provider }: { id: string; provider: string }, caller: Caller): number {
  const accountId = ownAccount(id, caller);
  if (!mayBind(caller.client, provider)) throw new AppError('CLIENT_NOT_PERMITTED');
  return accountId;
}

const changerOf = (ctx: Context, { client }: Caller): BindingChanger => ({
  clientId: client.client_id,
  requestId: ctx.state.requestId,
});

/** The information of one account, and its bindings. */
export function accountOperations({ accounts, bindings, bodyBytes }: Deps) {
  async function shown(accountId: number): Promise<Shown> {
    const account = await accounts.find(accountId);
    if (!account || account.status === 'deleted') throw new AppError('ACCOUNT_NOT_FOUND');
    return { account, bindings: await bindings.list(accountId) };
  }
  const write = (ctx: { body: unknown }, { account, bindings: list }: Shown): void => {
    ctx.body = accountBody(account, list);
  };

  return [
    operation<Caller, string, Shown>({
      id: 'getAccount',
      method: 'get',
      path: '/accounts/:id',
      read: (_ctx, { params }) => params.id ?? '',
      run: async (id, caller) => shown(ownAccount(id, caller)),
      write,
    }),
    operation<Caller, BindingChange, Shown>({
      id: 'setBinding',
      method: 'put',
      path: '/accounts/:id/bindings/:provider',
      body: (ctx) => readJson(ctx, { bytes: bodyBytes, uniqueNames: true }),
      read: (_ctx, { params: { id = '', provider = '' }, body }) => ({
        id,
        provider,
        externalId: textOf(body, 'external_id') ?? '',
        status: textOf(body, 'status') ?? LINKED,
      }),
      async run(change, caller, ctx) {
        const accountId = bindable(change, caller);
        const { provider, externalId, status } = change;
        await bindings.set(accountId, { provider, externalId, status }, changerOf(ctx, caller));
        return shown(accountId);
      },
      write,
    }),
    operation<Caller, { id: string; provider: string }, Shown>({
      id: 'removeBinding',
      method: 'delete',
      path: '/accounts/:id/bindings/:provider',
      read: (_ctx, { params: { id = '', provider = '' } }) => ({ id, provider }),
      async run(removal, caller, ctx) {
        const accountId = bindable(removal, caller);
        await bindings.remove(accountId, removal.provider, changerOf(ctx, caller));
        return shown(accountId);
      },
      write,
    }),
  ];
}
