import type { Db } from '../../db/database.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Bindings } from '../bindings/bindings.ts';
import type { Clients } from '../clients/clients.ts';
import { DEMONSTRATION_ACCOUNT, DEMONSTRATION_CLIENTS } from './demonstration.ts';

interface Deps {
  db: Db;
  clients: Clients;
  accounts: Accounts;
  bindings: Bindings;
}

/** Makes the demonstration data in a database that has no client yet; false when it had some. */
export async function seedDemonstration({ db, clients, accounts, bindings }: Deps): Promise<boolean> {
  if (await db('clients').first('id')) return false;
  for (const { metadata, secrets } of DEMONSTRATION_CLIENTS) await clients.create(metadata, secrets);
  const { mobile, email, password, truemoney } = DEMONSTRATION_ACCOUNT;
  const account = await accounts.create({
    password,
    titleId: 1,
    contacts: [
      { kind: 'mobile', value: mobile, verified: true },
      { kind: 'email', value: email, verified: true },
    ],
    nationalId: '1101700230708',
    registerChannel: 'WEB',
    registerClientId: 'client',
    profile: {
      firstName: 'สมชาย',
      lastName: 'ใจดี',
      middleName: 'ชัย',
      nickname: 'ชาย',
      preferredUsername: 'somchai',
      birthDate: '1990-04-13',
      profileUri: 'https://example.com/somchai',
      websiteUri: 'https://somchai.example.com',
      locale: 'th',
      zoneinfo: 'Asia/Bangkok',
      phone: '02-123-4567',
      address: '99 ถนนสุขุมวิท',
      addressTown: 'คลองเตย',
      addressRegion: 'กรุงเทพมหานคร',
      addressPostcode: '10110',
      country: 'TH',
    },
  });
  await bindings.set(account.id, 'truemoney', truemoney, '1');
  return true;
}
