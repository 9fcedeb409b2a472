import { AppError } from '../../errors/app-error.ts';
import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Page, PageWanted } from '../values/cursor.ts';
import type { AccountListing, Searched } from './account-listing.ts';

/** Finds accounts by whatever an operator was told by a customer, without saying what it is. */
export interface AccountFinder {
  /**
   * Accounts by ID, mobile number or card number in any spelling, e-mail address, national ID, external ID, or the
   * beginning of a given or family name; names are last, and have further pages. Throws `INVALID_CURSOR`.
   */
  find(text: string, page: PageWanted): Promise<Page<Account>>;
}

interface Deps {
  listing: Pick<AccountListing, 'search'>;
  accounts: Pick<Accounts, 'find'>;
}

const IDENTIFIERS = [
  'mobile',
  'email',
  'card_number',
  'thai_id',
  'external_id',
] as const satisfies Searched[];
const ACCOUNT_ID = /^[1-9]\d{0,14}$/;

/** A text that cannot be what it was looked up as finds nothing. */
const unlessInvalid = async (found: Promise<Page<Account>>): Promise<Page<Account>> => {
  try {
    return await found;
  } catch (error) {
    if (error instanceof AppError && error.status < 500 && error.code !== 'INVALID_CURSOR')
      return { data: [], next: null };
    throw error;
  }
};

export const accountFinder = ({ listing, accounts }: Deps): AccountFinder => ({
  async find(typed, { limit, after }) {
    const text = typed.trim();
    const names = unlessInvalid(listing.search('name', text, { limit, after }));
    if (after !== undefined) return names;
    const exact = await Promise.all(
      IDENTIFIERS.map((by) => unlessInvalid(listing.search(by, text, { limit }))),
    );
    const byId = ACCOUNT_ID.test(text) ? await accounts.find(Number(text)) : undefined;
    const { data, next } = await names;
    const all = [...(byId ? [byId] : []), ...exact.flatMap((page) => page.data), ...data];
    return { data: [...new Map(all.map((account) => [account.id, account])).values()], next };
  },
});
