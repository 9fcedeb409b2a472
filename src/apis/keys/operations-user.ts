import type { Account } from '../../domain/accounts/account.ts';
import type { Accounts } from '../../domain/accounts/accounts.ts';
import type { Location, Locations } from '../../domain/locations/locations.ts';
import { AppError } from '../../errors/app-error.ts';
import { operation } from '../api.ts';
import { requestLocale } from '../request-locale.ts';
import type { Caller } from './authenticate.ts';
import { location, user } from './wire.ts';

interface Deps {
  accounts: Pick<Accounts, 'find'>;
  locations: Locations;
  /** IANA name. */
  timeZone: string;
}

/** The account of the caller, and the locations that an account may have. */
export const userOperations = ({ accounts, locations, timeZone }: Deps) => [
  operation<Caller, undefined, Account>({
    id: 'keysUser',
    method: 'get',
    path: '/api/v2/user/get_active_user',
    read: () => undefined,
    async run(_input, { accountId }) {
      const account = await accounts.find(accountId);
      if (!account) throw new AppError('INVALID_TOKEN');
      return account;
    },
    write(ctx, account) {
      ctx.body = { status: 1, user: user(account, timeZone) };
    },
  }),
  operation<Caller, string | undefined, Location[]>({
    id: 'keysLocations',
    method: 'get',
    path: '/api/v2/location',
    open: true,
    read: (_ctx, { query }) => query.q as string | undefined,
    run: (text) => locations.list(text),
    write(ctx, list) {
      const locale = requestLocale(ctx);
      ctx.body = { status: 1, locations: list.map((one) => location(one, locale)) };
    },
  }),
];
