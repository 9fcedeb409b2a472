import { expect } from 'chai';
import type { Domain } from '../../../src/compose/domain.ts';
import type { Database } from '../../../src/db/database.ts';
import { deploymentValue } from '../../../src/domain/secrets/deployment-values.ts';
import { reEncrypt } from '../../../src/domain/secrets/re-encrypt.ts';
import { unboundColumns } from '../../../src/domain/secrets/unreadable.ts';
import { randomHex } from '../../../src/lib/ids.ts';
import { keyring } from '../../../src/lib/keyring.ts';
import { testConfig } from '../../support/config.ts';
import { emptyTables, ownDatabase } from '../../support/database.ts';
import { readyDomain } from '../../support/domain.ts';

const NATIONAL_ID = '3123456789011';

describe('sealed values', () => {
  let database: Database;
  let domain: Domain;

  beforeEach(async () => {
    database = await ownDatabase();
    await emptyTables(database);
    domain = await readyDomain({ config: await testConfig(), database });
  });

  const failed = (work: Promise<unknown>): Promise<boolean> =>
    work.then(
      () => false,
      () => true,
    );

  /** Copies a value from one row of a table to another, as an attacker with write access to the database might. */
  const copy = (table: string, column: string, key: string, from: unknown, to: unknown) =>
    database
      .knex(table)
      .where({ [key]: to })
      .update({
        [column]: database
          .knex(table)
          .where({ [key]: from })
          .select(column)
          .limit(1),
      });

  it('are worth nothing in another row of their column', async () => {
    const { knex } = database;
    const [mine, theirs] = [
      await domain.lifecycle.create({ contacts: [] }),
      await domain.lifecycle.create({ contacts: [] }),
    ];
    await domain.nationalIds.set(mine.id, NATIONAL_ID);
    expect(await domain.nationalIds.read(mine.id)).to.equal(NATIONAL_ID);
    await copy('accounts', 'national_id_sealed', 'id', mine.id, theirs.id);
    expect(await failed(domain.nationalIds.read(theirs.id))).to.equal(true);

    for (const client_id of ['known', 'victim']) {
      await domain.clients.create({ client_id }, { secret: randomHex(128) });
    }
    expect((await domain.clients.find('victim'))?.secrets).to.have.lengthOf(1);
    await copy('client_secrets', 'sealed', 'client_id', 'known', 'victim');
    expect(await failed(domain.clients.find('victim'))).to.equal(true);
    expect((await domain.clients.find('known'))?.secrets).to.have.lengthOf(1);

    await domain.signingKeys.ensure();
    const [first, second] = await knex('signing_keys').where({ alg: 'RS256' }).select('kid');
    expect(await domain.signingKeys.published()).to.have.lengthOf(6);
    await copy('signing_keys', 'jwk_sealed', 'kid', first.kid, second.kid);
    expect(await failed(domain.signingKeys.published())).to.equal(true);

    const salt = () => deploymentValue({ db: knex, keyring: domain.keyring }, 'pairwise-salt');
    expect(await salt()).to.deep.equal(await salt());
    await copy('deployment_values', 'sealed', 'name', 'digests', 'pairwise-salt');
    expect(await failed(salt())).to.equal(true);

    for (const to of ['one@example.com', 'two@example.com']) {
      await domain.outbox.add({
        channel: 'mail',
        kind: 'email-registered',
        to,
        locale: 'en',
        values: {},
        lifetimeSeconds: 60,
      });
    }
    const rows = await knex('outbox').select('id');
    await copy('outbox', 'sealed', 'id', rows[0].id, rows[1].id);
    expect(await failed(domain.outbox.list({ limit: 2 }))).to.equal(true);
  });

  it('of an older version open until they are sealed again, bound to their rows', async () => {
    const { knex } = database;
    const ring = domain.keyring;
    const account = await domain.lifecycle.create({ contacts: [] });
    const before = {
      national_id_sealed: ring.seal('accounts.national_id_sealed', NATIONAL_ID),
      national_id_digest: ring.digest('accounts.national_id_digest', NATIONAL_ID),
    };
    await knex('accounts').where({ id: account.id }).update(before);
    expect(await unboundColumns(knex)).to.deep.equal(['accounts.national_id_sealed']);
    expect(await domain.nationalIds.read(account.id)).to.equal(NATIONAL_ID);

    const { resealed, unreadable } = await reEncrypt({ db: knex, keyring: ring });
    expect([resealed.accounts, unreadable]).to.deep.equal([1, 0]);
    expect(await unboundColumns(knex)).to.deep.equal([]);
    expect(await domain.nationalIds.read(account.id)).to.equal(NATIONAL_ID);
    expect(await domain.nationalIds.find(NATIONAL_ID)).to.equal(account.id);
    expect((await reEncrypt({ db: knex, keyring: ring })).resealed.accounts).to.equal(0);
    const other = await domain.lifecycle.create({ contacts: [] });
    await copy('accounts', 'national_id_sealed', 'id', account.id, other.id);
    expect(await failed(domain.nationalIds.read(other.id))).to.equal(true);
  });
});

describe('the keyring', () => {
  const ring = keyring([Buffer.alloc(32, 1)]);

  it('opens a value for its context and its row only', () => {
    const sealed = ring.seal('t.c', 'x', '7');
    expect(ring.openText('t.c', sealed, '7')).to.equal('x');
    for (const [context, row] of [
      ['t.c', '8'],
      ['t.d', '7'],
      ['t.c', undefined],
      ['t.c\u00007', undefined],
    ] as const) {
      expect(() => ring.open(context, sealed, row)).to.throw();
    }
    const relabelled = Buffer.concat([Buffer.of(1), sealed.subarray(1)]);
    expect(() => ring.open('t.c', relabelled, '7')).to.throw();
    expect(() => ring.open('t.c', relabelled)).to.throw();
  });

  it('counts a stored value as current when it is bound to its row, under the newest key', () => {
    expect(ring.isCurrent(ring.seal('t.c', 'x', '7'))).to.equal(true);
    expect(ring.isCurrent(ring.seal('t.c', 'x'))).to.equal(false);
    expect(
      keyring([Buffer.alloc(32, 2), Buffer.alloc(32, 1)]).isCurrent(ring.seal('t.c', 'x', '7')),
    ).to.equal(false);
  });
});
