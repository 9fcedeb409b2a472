import type { Account, ProfileChange, Title } from '../../domain/accounts/account.ts';
import type { Accounts } from '../../domain/accounts/accounts.ts';
import type { NationalIds } from '../../domain/accounts/national-ids.ts';
import type { Titles } from '../../domain/accounts/titles.ts';
import { AppError } from '../../errors/app-error.ts';
import { operation } from '../api.ts';
import type { Caller } from './authenticate.ts';
import { type BodyReaders, empty } from './exchange.ts';
import { type Members, membersOf, type ReadingSettings } from './read-members.ts';
import { customer } from './wire.ts';

export interface ProfileDeps {
  accounts: Accounts;
  nationalIds: NationalIds;
  titles: Titles;
  /** Revokes the grant of the caller. */
  revoke: (caller: Caller) => Promise<void>;
  reading: () => ReadingSettings;
  bodies: BodyReaders;
}

interface Shown {
  account: Account;
  nationalId: string | undefined;
}

/** Returns the caller's account as the API shows it, for every operation that responds with the customer. */
export const shownTo = async (
  { accounts, nationalIds }: Pick<ProfileDeps, 'accounts' | 'nationalIds'>,
  { accountId }: Caller,
): Promise<Shown> => {
  const account = await accounts.find(accountId);
  if (!account) throw new AppError('INVALID_TOKEN');
  return { account, nationalId: await nationalIds.read(accountId) };
};

/**
 * An empty string removes the phone from the profile. Null, which clients send back as they received it, changes
 * nothing.
 */
const phoneOf = (members: Members, body: unknown): Pick<ProfileChange, 'phone'> => {
  if ((body as { phone?: unknown } | undefined)?.phone === '') return { phone: null };
  return members.has('phone') ? { phone: members.phone() } : {};
};

/** The customer's own profile, the titles, and signing out. */
export function profileOperations(deps: ProfileDeps) {
  const { accounts, titles, reading, bodies } = deps;
  const write = (ctx: { body: unknown }, { account, nationalId }: Shown): void => {
    ctx.body = customer(account, { nationalId, timeZone: reading().timeZone });
  };

  return [
    operation<Caller, undefined, void>({
      id: 'logout',
      method: 'post',
      path: '/logout',
      read: () => undefined,
      run: (_input, caller) => deps.revoke(caller),
      write: empty,
    }),
    operation<Caller, undefined, Shown>({
      id: 'getCustomer',
      method: 'get',
      path: '/customers',
      read: () => undefined,
      run: (_input, caller) => shownTo(deps, caller),
      write,
    }),
    operation<Caller, ProfileChange, Shown>({
      id: 'updateProfile',
      method: 'post',
      path: '/update-profile',
      body: bodies.json,
      read(_ctx, { body }) {
        const members = membersOf(body, reading());
        const change: ProfileChange = {
          ...(members.has('firstName') ? { firstName: members.name('firstName') } : {}),
          ...(members.has('lastName') ? { lastName: members.name('lastName') } : {}),
          ...(members.has('birthDate') ? { birthDate: members.birthDate() } : {}),
          ...phoneOf(members, body),
          ...(members.has('title') ? { titleId: members.title() } : {}),
        };
        members.end();
        return change;
      },
      async run(change, caller) {
        await accounts.changeProfile(caller.accountId, change);
        return shownTo(deps, caller);
      },
      write,
    }),
    operation<Caller, undefined, Title[]>({
      id: 'listTitles',
      method: 'get',
      path: '/public/titles',
      open: true,
      read: () => undefined,
      run: () => titles.list(),
      write(ctx, list) {
        ctx.set('Cache-Control', 'public, max-age=300');
        ctx.body = list;
      },
    }),
    operation<Caller, string, Title>({
      id: 'getTitle',
      method: 'get',
      path: '/public/titles/:id',
      open: true,
      read: (_ctx, { params }) => params.id ?? '',
      async run(id) {
        const title = (await titles.list()).find((one) => String(one.id) === id);
        if (!title) throw new AppError('NOT_FOUND');
        return title;
      },
      write(ctx, title) {
        ctx.set('Cache-Control', 'public, max-age=300');
        ctx.body = title;
      },
    }),
  ];
}
