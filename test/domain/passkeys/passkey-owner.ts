import { randomInt } from 'node:crypto';
import { type Oddities, SoftAuthenticator } from '../../support/soft-authenticator.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

export const PASSWORD = 'tall-green-mountain-7';
export const CEREMONY = { browser: 'here', part: 'sign-in 1' };

export interface Options {
  challenge: string;
  user: { id: string; name: string; displayName: string };
  excludeCredentials: { id: string }[];
}

type Verifier = Pick<EmptyDomain, 'passkeyAuthenticator'>;

/** The state before each test: empty tables, an account with a password, and a device without a passkey. */
export class PasskeyOwner {
  readonly domain: EmptyDomain;
  device: SoftAuthenticator;
  accountId = 0;
  /** An address for each test, as counters of addresses may outlive the run in Redis. */
  address = '';

  private constructor(domain: EmptyDomain) {
    this.domain = domain;
    this.device = this.newDevice();
  }

  static async begin(): Promise<PasskeyOwner> {
    return new PasskeyOwner(await emptyDomain());
  }

  newDevice(): SoftAuthenticator {
    return new SoftAuthenticator({ origin: this.domain.config.server.issuer });
  }

  async reset(): Promise<void> {
    await this.domain.empty();
    // load them again, as another process does
    await this.domain.lastingDigests.load();
    this.address = `10.${randomInt(256)}.${randomInt(256)}.2`;
    this.accountId = await this.newAccount('owner@example.com');
    this.device = this.newDevice();
  }

  async newAccount(email: string): Promise<number> {
    const { id } = await this.domain.lifecycle.create({
      password: PASSWORD,
      contacts: [{ kind: 'email', value: email, verified: true }],
      profile: { firstName: 'สมชาย', lastName: 'ใจดี' },
    });
    return id;
  }

  /** Begins the creation of a passkey. */
  async begin(accountId = this.accountId): Promise<Options> {
    const account = await this.domain.accounts.find(accountId);
    if (!account) throw new Error('no such account');
    return (await this.domain.passkeys.begin(account, CEREMONY.browser)) as Options;
  }

  /** The error code of adding a credential that a device created. */
  add(credential: string, accountId = this.accountId): Promise<string> {
    return codeOf(this.domain.passkeys.add(accountId, { credential, browser: CEREMONY.browser }));
  }

  async create(odd: Oddities = {}, device = this.device): Promise<string> {
    return this.add(device.create(await this.begin(), odd));
  }

  /** Begins a sign-in. */
  async ask(ceremony = CEREMONY): Promise<Options> {
    return (await this.domain.passkeyAuthenticator.begin(ceremony)) as Options;
  }

  verify(credential: string, { ceremony = CEREMONY, by = this.domain as Verifier } = {}) {
    return by.passkeyAuthenticator.verify({ ceremony, credential, origin: { address: this.address } });
  }

  /** The error code of a sign-in with a device. */
  async use(odd: Oddities = {}, device = this.device): Promise<string> {
    device.signCount += 1;
    return codeOf(this.verify(device.get(await this.ask(), odd)));
  }

  eventsOf(event: string) {
    const { knex } = this.domain.database;
    return knex('audit').where({ event }).orderBy('id').select('account_id', 'reason', 'details');
  }
}
