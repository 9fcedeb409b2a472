import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { composeDomain, type Domain } from '../../../src/compose/domain.ts';
import type { Database } from '../../../src/db/database.ts';
import { deploymentValue } from '../../../src/domain/secrets/deployment-values.ts';
import { reEncrypt } from '../../../src/domain/secrets/re-encrypt.ts';
import { SEALED_COLUMNS } from '../../../src/domain/secrets/sealed-store.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { randomHex } from '../../../src/lib/ids.ts';
import { keyring } from '../../../src/lib/keyring.ts';
import { command, commandJson } from '../../support/command.ts';
import { TEST_SECRET_KEY, testConfig } from '../../support/config.ts';
import { testDatabase } from '../../support/database.ts';

const OLD = Buffer.from(TEST_SECRET_KEY, 'base64');
const NEW = randomBytes(32);
const NATIONAL_ID = '3123456789011';

const secretKey = (...keys: Buffer[]): string => keys.map((key) => key.toString('base64')).join(',');

describe('re-encrypting everything under a new key', () => {
  let database: Database;

  async function domainWith(...keys: Uint8Array<ArrayBuffer>[]): Promise<Domain> {
    const config = { ...(await testConfig()), secrets: { keys } };
    return composeDomain({ config, database, clock: systemClock });
  }

  const count = async (id: string): Promise<number> =>
    Number((await database.knex('audit').where({ event: id }).count())[0]?.count);

  before(async () => {
    database = await testDatabase();
  });

  afterEach(async () => {
    // the other tests of the run have the old key only
    await reEncrypt({ db: database.knex, keyring: keyring([OLD, NEW]) });
  });

  it('leaves nothing that needs the old one', async () => {
    const before = await domainWith(OLD);
    await before.lastingDigests.load();
    const [id, secret, apiKey] = [`cli-${randomHex(64)}`, randomHex(128), randomHex(224)];
    await before.clients.create({ client_id: id }, { secret, api_key: apiKey });
    await before.signingKeys.ensure();
    const account = await before.lifecycle.create({ contacts: [] });
    await before.nationalIds.set(account.id, NATIONAL_ID);
    await before.outbox.add({
      channel: 'mail',
      kind: 'national-id-released',
      to: `${id}@example.com`,
      locale: 'en',
      values: {},
      lifetimeSeconds: 60,
    });
    await before.operatedProviders.add({
      ...{ id, kind: 'google', clientId: id, clientSecret: secret },
    });
    const salt = await deploymentValue({ db: database.knex, keyring: keyring([OLD]) }, 'pairwise-salt');
    const request = { key: id, content: 'the same' };
    await before.idempotentResponses.once(request, async () => 'the first response');

    const events = await count('secrets.reencrypted');
    const env = { SECRET_KEY: secretKey(NEW, OLD) };
    const { resealed, unreadable, conflicts } = await commandJson<{
      resealed: Record<string, number>;
      unreadable: number;
      conflicts: number;
    }>(['secret', 're-encrypt'], { env });
    expect({ unreadable, conflicts }).to.deep.equal({ unreadable: 0, conflicts: 0 });
    for (const table of [
      'client_secrets',
      'signing_keys',
      'accounts',
      'deployment_values',
      'outbox',
      'idempotency_responses',
      'upstream_providers',
    ]) {
      expect(resealed[table], table).to.be.greaterThan(0);
    }
    expect(await count('secrets.reencrypted')).to.equal(events + 1);

    const after = await domainWith(NEW);
    await after.lastingDigests.load();
    expect((await after.clients.find(id))?.secrets).to.deep.equal([secret]);
    await after.operatedProviders.load();
    expect(after.upstreamProviders.find(id)).to.not.equal(undefined);
    expect(await after.signingKeys.published()).to.have.lengthOf.at.least(4);
    expect(await after.nationalIds.read(account.id)).to.equal(NATIONAL_ID);
    expect(await after.nationalIds.find(NATIONAL_ID)).to.equal(account.id);
    expect(
      await deploymentValue({ db: database.knex, keyring: keyring([NEW]) }, 'pairwise-salt'),
    ).to.deep.equal(salt);
    expect(await after.outbox.list({ to: `${id}@example.com`, limit: 1 })).to.have.lengthOf(1);
    expect(await after.idempotentResponses.once(request, async () => 'another')).to.equal(
      'the first response',
    );
    const stored = await database
      .knex('client_secrets')
      .where({ client_id: id, kind: 'api_key' })
      .first('digest');
    expect(stored.digest).to.deep.equal(after.keyring.digest('client_secrets.sealed', apiKey));

    const old = await domainWith(OLD);
    await old.operatedProviders.load();
    expect(old.upstreamProviders.find(id)).to.equal(undefined);
    await database.knex('upstream_providers').where({ id }).delete();
    const failure = await old.clients.find(id).catch((error: Error) => error);
    expect(failure).to.be.instanceOf(Error);
    expect(await old.nationalIds.find(NATIONAL_ID)).to.equal(undefined);
  });

  it('covers every encrypted column but that of forms, whose answers last a minute', async () => {
    const columns = await database
      .knex('information_schema.columns')
      .where({ table_schema: 'public', data_type: 'bytea' })
      .whereLike('column_name', '%sealed')
      .select('table_name', 'column_name');
    const covered = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`);
    expect([...covered, 'submissions.sealed']).to.have.members(
      columns.map(({ table_name: table, column_name: column }) => `${table}.${column}`),
    );
  });

  it('does nothing the second time', async () => {
    const both = keyring([NEW, OLD]);
    await reEncrypt({ db: database.knex, keyring: both });
    const { resealed } = await reEncrypt({ db: database.knex, keyring: both });
    expect(Object.values(resealed).every((number) => number === 0)).to.equal(true);
  });

  it('reports a value that no key opens, and keeps it', async () => {
    const id = `cli-${randomHex(64)}`;
    const stranger = await domainWith(randomBytes(32));
    await stranger.clients.create({ client_id: id }, { secret: 'of another deployment' });
    const rows = () => database.knex('client_secrets').where({ client_id: id });
    const [kept] = await rows();
    const { code, stdout } = await command(['secret', 're-encrypt'], {
      env: { SECRET_KEY: secretKey(NEW, OLD) },
    });
    expect(code).to.equal(1);
    expect(stdout).to.include('1 value(s) cannot be decrypted');
    expect(await rows()).to.deep.equal([kept]);
    await rows().delete();
  });

  it('empties the digest of a value that another row has under the new key already', async () => {
    const [before, after] = [await domainWith(OLD), await domainWith(NEW, OLD)];
    const [first, second] = [
      await before.lifecycle.create({ contacts: [] }),
      await before.lifecycle.create({ contacts: [] }),
    ];
    const nationalId = '4123456789027';
    await before.nationalIds.set(first.id, nationalId);
    // digests of different keys do not collide, so the index could not detect that the id is taken
    await after.nationalIds.set(second.id, nationalId);
    const { conflicts } = await reEncrypt({ db: database.knex, keyring: keyring([NEW, OLD]) });
    expect(conflicts).to.equal(1);
    expect(await after.nationalIds.find(nationalId)).to.equal(second.id);
    expect(await after.nationalIds.read(first.id)).to.equal(nationalId);
  });
});
