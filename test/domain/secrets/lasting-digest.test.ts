import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { Domain } from '../../../src/compose/domain.ts';
import type { Database } from '../../../src/db/database.ts';
import { audit } from '../../../src/domain/audit/audit.ts';
import { lastingDigests } from '../../../src/domain/secrets/lasting-digest.ts';
import { reEncrypt } from '../../../src/domain/secrets/re-encrypt.ts';
import { randomHex } from '../../../src/lib/ids.ts';
import { keyring } from '../../../src/lib/keyring.ts';
import { recordAdapter } from '../../../src/oidc/adapter/record-adapter.ts';
import { testConfig } from '../../support/config.ts';
import { ownDatabase } from '../../support/database.ts';
import { readyDomain } from '../../support/domain.ts';

const [OLD, NEW] = [randomBytes(32), randomBytes(32)];
const ADDRESS = '192.0.2.7';

describe('a change of SECRET_KEY', () => {
  let database: Database;

  async function domainWith(...keys: Uint8Array<ArrayBuffer>[]): Promise<Domain> {
    return readyDomain({ config: { ...(await testConfig()), secrets: { keys } }, database });
  }

  /** Returns what the deployment finds before, during and after the change of the key. */
  async function throughTheChange<T>(look: (domain: Domain) => Promise<T>): Promise<T[]> {
    const found = [await look(await domainWith(OLD)), await look(await domainWith(NEW, OLD))];
    await reEncrypt({ db: database.knex, keyring: keyring([NEW, OLD]) });
    found.push(await look(await domainWith(NEW)));
    return found;
  }

  before(async () => {
    database = await ownDatabase();
  });
  beforeEach(async () => {
    await database.knex('deployment_values').delete();
  });
  after(async () => {
    await database.knex('deployment_values').delete();
  });

  it('forgets no known device and no known network', async () => {
    const device = randomHex(128);
    const first = await domainWith(OLD);
    const { id } = await first.lifecycle.create({ contacts: [] });
    await first.knownOrigins.rememberIn(id, { address: ADDRESS, device }, (places) =>
      audit({ db: database.knex }).record({ event: 'sign_in.succeeded', accountId: id }, places),
    );
    expect(
      await throughTheChange(async (domain) => {
        return [
          await domain.knownOrigins.isKnown(id, { address: '198.51.100.1', device }),
          await domain.knownOrigins.isKnown(id, { address: ADDRESS }),
          await domain.knownOrigins.isKnown(id, { address: '198.51.100.1', device: randomHex(128) }),
        ];
      }),
    ).to.deep.equal(Array(3).fill([true, true, false]));
  });

  it('changes no mask of an account that does not exist', async () => {
    const masks = await throughTheChange(({ findMobile }) =>
      findMobile.find({ identifier: 'nobody@example.com', address: ADDRESS, reveal: false }),
    );
    expect(masks[0]).to.match(/\d{4}/);
    expect(new Set(masks).size).to.equal(1);
  });

  it('loses no pending user code', async () => {
    const userCode = randomHex(64);
    const { tokens } = await testConfig();
    const adapterOf = ({ records, digest }: Domain) =>
      recordAdapter('DeviceCode', { records, digest, tokens });
    await adapterOf(await domainWith(OLD)).upsert(randomHex(128), { userCode, clientId: 'tv' }, 600);
    const found = await throughTheChange(async (domain) => adapterOf(domain).findByUserCode(userCode));
    expect(found.map((payload) => payload?.clientId)).to.deep.equal(['tv', 'tv', 'tv']);
  });

  it('keeps the result of a form that is sent twice', async () => {
    const sent = { form: randomHex(64), content: 'the same' };
    const first = await domainWith(OLD);
    const second = await domainWith(NEW, OLD);
    expect(await first.idempotencyKeys.once(sent, async () => 'first')).to.equal('first');
    expect(await second.idempotencyKeys.once(sent, async () => 'second')).to.equal('first');
  });

  it('takes nothing from the limit of mails to an address', async () => {
    const to = `${randomHex(64)}@example.com`;
    const add = ({ outbox }: Domain) =>
      outbox.add({
        channel: 'mail',
        kind: 'email-registered',
        to,
        locale: 'en',
        values: {},
        lifetimeSeconds: 60,
      });
    const results: string[] = [];
    await throughTheChange(async (domain) => results.push(await add(domain), await add(domain)));
    expect(results).to.deep.equal(['added', 'added', 'added', 'dropped', 'dropped', 'dropped']);
  });
});

describe('a lasting digest', () => {
  it('differs for another use, and does not exist before it is loaded', async () => {
    const database = await ownDatabase();
    const digests = lastingDigests({ db: database.knex, keyring: keyring([OLD]) });
    expect(() => digests.digest('a', 'x')).to.throw('not loaded');
    await database.knex('deployment_values').delete();
    await digests.load();
    expect(digests.digest('a', 'x')).to.deep.equal(digests.digest('a', 'x'));
    expect(digests.digest('a', 'x')).not.to.deep.equal(digests.digest('b', 'x'));
    await database.knex('deployment_values').delete();
  });
});
