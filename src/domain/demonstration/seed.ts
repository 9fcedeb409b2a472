import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { Bindings } from '../bindings/bindings.ts';
import type { Clients } from '../clients/clients.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Operators } from '../operators/operators.ts';
import { deploymentValue, hasDeploymentValue } from '../secrets/deployment-values.ts';
import { DEMONSTRATION_ACCOUNT, DEMONSTRATION_CLIENTS, DEMONSTRATION_OPERATOR } from './demonstration.ts';

interface Deps {
  db: Db;
  keyring: Keyring;
  clients: Clients;
  lifecycle: Lifecycle;
  bindings: Bindings;
  operators: Operators;
}

/** Ignores that an item exists already: another process that started at the same time has created it. */
async function unlessTaken(make: () => Promise<void>): Promise<void> {
  try {
    await make();
  } catch (error) {
    const taken =
      error instanceof AppError &&
      ['CLIENT_TAKEN', 'CONTACT_TAKEN', 'NATIONAL_ID_TAKEN'].includes(error.code);
    if (!taken) throw error;
  }
}

async function createAccount(lifecycle: Lifecycle, bindings: Bindings): Promise<void> {
  const { mobile, email, password, truemoney } = DEMONSTRATION_ACCOUNT;
  const account = await lifecycle.create({
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
  await bindings.set(account.id, { provider: 'truemoney', externalId: truemoney, status: '1' });
}

async function createOperator(lifecycle: Lifecycle, operators: Operators): Promise<void> {
  const { email, password, role } = DEMONSTRATION_OPERATOR;
  const { id } = await lifecycle.create({
    password,
    contacts: [{ kind: 'email', value: email, verified: true }],
    registerChannel: 'WEB',
    profile: { firstName: 'สมหมาย', lastName: 'ดูแล', locale: 'th' },
  });
  await operators.add(id, role);
}

/**
 * Creates the demonstration data once, at a deployment's first start: items that an operator removes later are not
 * created again. The next start completes one that was interrupted.
 */
export async function seedDemonstration(deps: Deps): Promise<void> {
  const { db, clients, lifecycle, bindings, operators } = deps;
  if (await hasDeploymentValue(db, 'demonstration')) return;
  for (const { metadata, secrets } of DEMONSTRATION_CLIENTS) {
    await unlessTaken(() => clients.create(metadata, secrets));
  }
  await unlessTaken(() => createAccount(lifecycle, bindings));
  await unlessTaken(() => createOperator(lifecycle, operators));
  await deploymentValue(deps, 'demonstration');
}
