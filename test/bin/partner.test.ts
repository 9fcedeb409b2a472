import { expect } from 'chai';
import { decryptMobile } from '../../src/domain/clients/encrypted-mobile.ts';
import { exchange, partnerCodes } from '../oidc/partner-client.ts';
import type { TestClient } from '../support/clients.ts';
import { command, commandJson } from '../support/command.ts';
import { testServer } from '../support/server.ts';
import { SOMCHAI } from '../support/sign-in.ts';

const CALLBACK = 'https://partner.example.com/cb';

interface Made {
  client_id: string;
  client_secret: string;
  api_key: string;
  mobile_key: string;
}

const newPartner = (): Promise<Made> =>
  commandJson<Made>(['client', 'create', '--partner', '--channel', 'web', '--redirect-uri', CALLBACK]);

const encrypt = async (id: string, mobile: string): Promise<string> =>
  (await commandJson<{ mobile_number: string }>(['partner', 'encrypt-mobile', id, mobile])).mobile_number;

describe('pratu partner', () => {
  it('encrypts a number with which the partner that the command made gets its tokens', async () => {
    const server = await testServer();
    const made = await newPartner();
    const client: TestClient = { id: made.client_id, secret: made.client_secret, redirectUri: CALLBACK };
    const code = await partnerCodes(server.url, client)();
    const { status, text } = await exchange(server.url, code, {
      client_id: client.id,
      client_secret: client.secret,
      mobile_number: await encrypt(client.id, SOMCHAI.login),
    });
    expect(status, text).to.equal(200);
  });

  it('encrypts differently every time, and says the same in words', async () => {
    const { client_id: id, mobile_key: key } = await newPartner();
    const [one, other] = [await encrypt(id, '0812345678'), await encrypt(id, '+66 81-234-5678')];
    expect(one).to.not.equal(other);
    expect([one, other].map((sent) => decryptMobile(key, sent))).to.deep.equal([
      '+66812345678',
      '+66812345678',
    ]);
    const { stdout } = await command(['partner', 'encrypt-mobile', id, '0812345678']);
    expect(stdout)
      .to.match(/^mobile_number {2}[A-Za-z0-9+/]{43}=$/m)
      .and.not.include(key);
  });

  it('refuses an invalid number, an unknown client, and a client that is not a partner', async () => {
    await testServer();
    for (const [args, words] of [
      [['2171', '12345'], 'not a valid mobile number'],
      [['nobody', '0812345678'], "Unknown client 'nobody'"],
      [['spa', '0812345678'], 'no mobile key'],
    ] as const) {
      const { code, stdout, stderr } = await command(['partner', 'encrypt-mobile', ...args]);
      expect({ args, code, stdout }).to.deep.equal({ args, code: 1, stdout: '' });
      expect(stderr).to.include(words);
    }
    expect((await command(['partner', 'encrypt-mobile', '2171'])).code).to.equal(2);
  });
});

describe('pratu client rotate-…', () => {
  for (const [name, member, length] of [
    ['rotate-secret', 'client_secret', 43],
    ['rotate-api-key', 'api_key', 56],
    ['rotate-mobile-key', 'mobile_key', 44],
  ] as const) {
    it(`${name} makes a new one and keeps the old one as long as it is told`, async () => {
      const { domain } = await testServer();
      const made = await newPartner();
      const id = made.client_id;
      const kind = member === 'client_secret' ? 'secret' : member;
      const kept = await commandJson<Record<string, string>>(['client', name, id, '--keep', '1h']);
      expect(kept).to.include({ client_id: id, old_secrets_valid_seconds: 3600 });
      expect(kept[member]).to.have.lengthOf(length).and.not.equal(made[member]);
      expect(await domain.clients.validSecrets(id, kind)).to.deep.equal([kept[member], made[member]]);

      const { stdout } = await command(['client', name, id]);
      const [value] = await domain.clients.validSecrets(id, kind);
      expect(await domain.clients.validSecrets(id, kind)).to.have.lengthOf(1);
      expect(stdout).to.include(value).and.include('only once');
    });
  }

  it('refuses a client that has none, and one that is not there', async () => {
    await testServer();
    for (const name of ['rotate-api-key', 'rotate-mobile-key']) {
      expect((await command(['client', name, 'client'])).code).to.equal(1);
      expect((await command(['client', name, 'nobody'])).code).to.equal(1);
    }
    expect((await command(['client', 'rotate-secret', 'spa'])).code).to.equal(1);
  });
});
