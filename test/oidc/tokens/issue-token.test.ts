import { expect } from 'chai';
import { composeOidc } from '../../../src/compose/oidc.ts';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { OidcPages } from '../../../src/oidc/edge/pages.ts';
import type { IssueToken } from '../../../src/oidc/tokens/issue-token.ts';
import { moveClock } from '../../support/clock.ts';
import { type TestServer, testServer } from '../../support/server.ts';

describe('a token that an API hands out', () => {
  let server: TestServer;
  let issue: IssueToken;
  let account: Account;

  before(async () => {
    server = await testServer();
    const { config, domain, database, metrics } = server;
    ({ issueToken: issue } = await composeOidc({
      config,
      domain,
      database,
      metrics,
      clock: systemClock,
      pages: {} as OidcPages,
      fetch,
      isRemembered: async () => false,
      originOf: () => ({ address: '127.0.0.1' }),
      browserOf: () => undefined,
    }));
    const id = await domain.contacts.owner('mobile', '+66812345678');
    account = (await domain.accounts.find(id as number)) as Account;
  });

  const userinfo = (token: string) =>
    fetch(`${server.url}/oauth/userinfo`, { headers: { authorization: `Bearer ${token}` } });

  it('is a token of its client, with the scopes of first-party clients', async () => {
    for (const client of ['self-service', 'keys'] as const) {
      const token = await issue({ client, account, by: 'password' });
      const answer = await userinfo(token);
      expect(answer.status).to.equal(200);
      expect(await answer.json()).to.include({ sub: String(account.id), name: 'สมชาย ใจดี' });
      const customer = await fetch(`${server.url}/customers`, {
        headers: { authorization: `bearer ${token}` },
      });
      expect(customer.status).to.equal(200);
    }
  });

  it('has 40 lower-case hex digits where it is a key, another each time', async () => {
    const keys = await Promise.all([1, 2].map(() => issue({ client: 'keys', account, by: 'facebook' })));
    for (const key of keys) expect(key).to.match(/^[0-9a-f]{40}$/);
    expect(new Set(keys).size).to.equal(2);
  });

  it('lives twelve hours, a key thirty days', async () => {
    const token = await issue({ client: 'self-service', account, by: 'password' });
    const key = await issue({ client: 'keys', account, by: 'password' });
    await moveClock(server.database, 43_140);
    expect((await userinfo(token)).status).to.equal(200);
    await moveClock(server.database, 120);
    expect((await userinfo(token)).status).to.equal(401);
    await moveClock(server.database, 29 * 86_400);
    expect((await userinfo(key)).status).to.equal(200);
    await moveClock(server.database, 86_400);
    expect((await userinfo(key)).status).to.equal(401);
  });

  it('is invalid when the account was signed out everywhere after the proof', async () => {
    const stale = { ...account, generation: account.generation - 1 };
    const token = await issue({ client: 'keys', account: stale, by: 'password' });
    expect((await userinfo(token)).status).to.equal(401);
  });
});
