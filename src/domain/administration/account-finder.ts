import { AppError } from '../../errors/app-error.ts';
import type { Account } from '../accounts/account.ts';
import type { Page, PageWanted } from '../values/cursor.ts';
import type { AccountListing, Searched } from './account-listing.ts';
import type { AccountReads } from './account-reads.ts';

/** Finds accounts by any identifier that a customer gave an operator, without its kind. */
export interface AccountFinder {
  /**
   * Finds accounts by ID, mobile number or card number in any spelling, e-mail address, national ID, external ID, or
   * the beginning of a given or family name. Matches by name come last and are the only ones with further pages. Throws
   * `INVALID_CURSOR`.
   */
  find(text: string, page: PageWanted): Promise<Page<Account>>;
}

interface Deps {
  listing: Pick<AccountListing, 'search'>;
  reads: Pick<AccountReads, 'find'>;
}

const IDENTIFIERS = [
  'mobile',
  'email',
  'card_number',
  'thai_id',
  'external_id',
] as const satisfies Searched[];
const ACCOUNT_ID = /^[1-9]\d{0,14}$/;

const NONE: Page<Account> = { data: [], next: null };

/** Returns an empty page for a text that is not valid for the kind of search, or matches no account. */
const unlessInvalid = async (found: Promise<Page<Account>>): Promise<Page<Account>> => {
  try {
    return await found;
  } catch (error) {
    if (error instanceof AppError && error.status < 500 && error.code !== 'INVALID_CURSOR') return NONE;
    throw error;
  }
};

export function accountFinder({ listing, reads }: Deps): AccountFinder {
  const withId = async (id: number): Promise<Page<Account>> => ({
    data: [await reads.find(id, 'search')],
    next: null,
  });

  return {
    async find(typed, { limit, after }) {
      const text = typed.trim();
      const byName = () => unlessInvalid(listing.search('name', text, { limit, after }));
      if (after !== undefined) return byName();
      const [names, own, ...exact] = await Promise.all([
        byName(),
        ACCOUNT_ID.test(text) ? unlessInvalid(withId(Number(text))) : NONE,
        ...IDENTIFIERS.map((by) => unlessInvalid(listing.search(by, text, { limit }))),
      ]);
      const all = [own, ...exact, names].flatMap(({ data }) => data);
      return { data: [...new Map(all.map((account) => [account.id, account])).values()], next: names.next };
    },
  };
}
