import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { MIGRATIONS, migrate } from '../../src/db/migrate.ts';
import { parseMobile } from '../../src/domain/values/mobile.ts';
import { randomToken } from '../../src/lib/ids.ts';
import { keyring } from '../../src/lib/keyring.ts';
import { argon2id } from '../../src/lib/passwords/argon2.ts';
import { atEnd } from '../support/at-end.ts';
import { refresh, userinfo } from '../support/code-flow.ts';
import { testConfig } from '../support/config.ts';
import { newPlace } from '../support/database.ts';
import { startServer } from '../support/server.ts';
import { tokenRequest } from '../support/sign-in.ts';

/** The first schema in which people can sign in: the one before the first migration that changes existing rows. */
const FIRST = 8;
const PASSWORD = 'a password of before';
const MOBILE = '0819990001';
const CLIENT = { id: 'shop', secret: randomToken(256), redirectUri: 'https://shop.example.com/cb' };

/** A folder with the migrations of that schema, and the names of the later ones. */
async function firstMigrations(): Promise<{ directory: URL; later: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'pratu-upgrade-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const files = (await readdir(MIGRATIONS)).sort();
  for (const file of files.slice(0, FIRST)) await copyFile(new URL(file, MIGRATIONS), join(folder, file));
  return { directory: pathToFileURL(`${folder}/`), later: files.slice(FIRST) };
}

/** An account with both contacts, and a client with a secret, as rows of that schema. Returns the account's id. */
async function fill({ knex }: Database): Promise<number> {
  const config = await testConfig();
  const [{ id }] = (await knex('accounts')
    .insert({ first_name: 'สมหญิง', last_name: 'ใจดี', locale: 'th' })
    .returning('id')) as [{ id: number }];
  const mobile = parseMobile(MOBILE, { countries: config.oneTimeCodes.countries }) ?? '';
  const verified = { account_id: id, preferred: true, verified_at: '2024-05-06T07:08:09Z' };
  await knex('contacts').insert([
    { ...verified, kind: 'mobile', key: mobile, value: mobile },
    { ...verified, kind: 'email', key: 'somying@example.com', value: 'Somying@example.com' },
  ]);
  const hash = await argon2id({ memoryKiB: 19_456, passes: 2, parallelism: 1 }).hash(PASSWORD);
  await knex('credentials').insert({ account_id: id, kind: 'password', hash });
  const metadata = {
    client_id: CLIENT.id,
    redirect_uris: [CLIENT.redirectUri],
    grant_types: ['password', 'refresh_token', 'authorization_code'],
    response_types: ['code'],
    scope: 'openid profile email phone offline_access',
    first_party: true,
  };
  await knex('clients').insert({ id: CLIENT.id, metadata: JSON.stringify(metadata) });
  const ring = keyring(config.secrets.keys);
  const sealed = ring.seal('client_secrets.sealed', CLIENT.secret, `${CLIENT.id} secret`);
  await knex('client_secrets').insert({ client_id: CLIENT.id, kind: 'secret', sealed });
  return id;
}

describe('an upgrade from the first schema, with data', () => {
  it('runs every later migration, keeps the rows, and signs people in', async function () {
    this.timeout(240_000);
    const place = await newPlace();
    const config = { ...(await testConfig()).database, ...place, url: place.url };
    const { directory, later } = await firstMigrations();
    const database = await openDatabase(config);
    await migrate(database, { directory });
    const id = await fill(database);

    expect(await migrate(database)).to.have.lengthOf(later.length);
    expect(await migrate(database)).to.deep.equal([]);
    const account = await database.knex('accounts').where({ id }).first();
    expect(account.proved_at.toISOString()).to.equal('2024-05-06T07:08:09.000Z');
    expect(await database.knex('contacts').where({ account_id: id })).to.have.lengthOf(2);
    await database.close();

    const server = await startServer({ database: place as Partial<typeof config> });
    const authorization = `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}`;
    for (const username of [MOBILE, 'somying@EXAMPLE.com']) {
      const { status, body } = await tokenRequest(
        server.url,
        {
          grant_type: 'password',
          username,
          password: PASSWORD,
          scope: 'openid profile email phone offline_access',
        },
        { authorization },
      );
      expect(status, JSON.stringify(body)).to.equal(200);
      const claims = await (await userinfo(server, String(body.access_token))).json();
      expect(claims).to.include({ given_name: 'สมหญิง', email_verified: true, phone_number_verified: true });
      expect((await refresh(server, CLIENT, body.refresh_token)).status).to.equal(200);
    }
    await server.stop();
  });
});
