import type { Db } from '../../db/database.ts';
import type { LaggingRead } from '../../db/replica.ts';
import { AppError } from '../../errors/app-error.ts';
import { type Account, cardIdOf } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { NationalIds } from '../accounts/national-ids.ts';
import { audit } from '../audit/audit.ts';
import { type Page, type PageWanted, pageOf, positionIn } from '../values/cursor.ts';
import { parseEmail } from '../values/email.ts';
import { parseExternalId } from '../values/external-id.ts';
import { parseMobile } from '../values/mobile.ts';
import { parseNationalId } from '../values/national-id.ts';
import {
  type FoundRow,
  type ListFilter,
  listQuery,
  readByContact,
  readByName,
} from './account-listing-store.ts';

export type { ListFilter } from './account-listing-store.ts';

/** The kinds of value that operators can search by, in any spelling. */
export const SEARCHED = ['mobile', 'email', 'card_number', 'thai_id', 'external_id', 'name'] as const;
export type Searched = (typeof SEARCHED)[number];

export interface AccountListing {
  /**
   * Lists accounts, newest first. By default, excludes deleted accounts. Throws `INVALID_CURSOR`. Each page is audited.
   */
  list(filter: ListFilter, page: PageWanted): Promise<Page<Account>>;
  /**
   * Finds accounts that match a value; `name` matches the prefix of a given or family name. Throws the error code of an
   * invalid value, with the field, and `INVALID_CURSOR`. Every account found is audited as read.
   */
  search(by: Searched, value: string, page: PageWanted): Promise<Page<Account>>;
}

interface Deps {
  db: Db;
  lagging: LaggingRead;
  accounts: Pick<Accounts, 'find' | 'cardHolder' | 'withExternalId'>;
  nationalIds: Pick<NationalIds, 'find'>;
}

const SHORTEST_PREFIX = 2;
/** More accounts than list any one contact. Such a list has a single page. */
const MOST_OF_A_CONTACT = 200;

export function accountListing({ db, lagging, accounts, nationalIds }: Deps): AccountListing {
  const found = async (ids: readonly number[]): Promise<Account[]> =>
    (await Promise.all(ids.map((id) => accounts.find(id)))).filter((account) => account !== undefined);

  async function filled(list: string, rows: FoundRow[], limit: number): Promise<Page<Account>> {
    const page = pageOf(list, rows, limit, ({ key, id }) => [key, id]);
    return { data: await found(page.data.map(({ id }) => id)), next: page.next };
  }

  const single = (id: number | undefined): Promise<Account[]> => found(id === undefined ? [] : [id]);

  async function byIdentifier(by: Exclude<Searched, 'name'>, value: string): Promise<Account[]> {
    const wrong = (code: ConstructorParameters<typeof AppError>[0]) => new AppError(code, { field: by });
    switch (by) {
      case 'mobile': {
        const mobile = parseMobile(value);
        if (!mobile) throw wrong('INVALID_MOBILE');
        return found(await readByContact(db, 'mobile', mobile, MOST_OF_A_CONTACT));
      }
      case 'email': {
        const email = parseEmail(value);
        if (!email) throw wrong('INVALID_EMAIL');
        return found(await readByContact(db, 'email', email.key, MOST_OF_A_CONTACT));
      }
      case 'card_number': {
        const card = cardIdOf(value);
        if (!card) throw wrong('INVALID_CARD_NUMBER');
        return single(await accounts.cardHolder(card));
      }
      case 'thai_id': {
        const nationalId = parseNationalId(value);
        if (!nationalId) throw wrong('INVALID_NATIONAL_ID');
        return single(await nationalIds.find(nationalId));
      }
      case 'external_id': {
        const externalId = parseExternalId(value);
        if (!externalId) throw wrong('INVALID_EXTERNAL_ID');
        return single(await accounts.withExternalId(externalId));
      }
    }
  }

  return {
    async list(filter, { limit, after }) {
      const list = `accounts ${JSON.stringify(filter)}`;
      const from = positionIn(list, after, 2);
      const rows = await lagging(async (db) => listQuery(db, filter, limit + 1, from));
      const page = await filled(list, rows, limit);
      const filters = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [name]));
      await audit({ db }).record({
        event: 'accounts.listed',
        details: { filters: filters.join(' '), accounts: page.data.length },
      });
      return page;
    },
    async search(by, value, { limit, after }) {
      let page: Page<Account>;
      if (by === 'name') {
        const prefix = value.normalize('NFC').trim();
        if ([...prefix].length < SHORTEST_PREFIX) throw new AppError('PREFIX_TOO_SHORT', { field: by });
        const list = `accounts by name ${prefix}`;
        const from = positionIn(list, after, 2);
        page = await filled(list, await lagging((db) => readByName(db, prefix, limit + 1, from)), limit);
      } else {
        if (after !== undefined) throw new AppError('INVALID_CURSOR', { field: 'after' });
        page = { data: await byIdentifier(by, value), next: null };
      }
      await audit({ db }).recordAll(
        page.data.map(({ id }) => ({ event: 'account.read', accountId: id, details: { by } })),
      );
      return page;
    },
  };
}
