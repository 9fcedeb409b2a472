import { expect } from 'chai';
import { type TestServer, testServer } from '../../support/server.ts';
import { BASIC_CLIENT } from '../../support/sign-in.ts';
import {
  type Answer,
  accountHeaders,
  type Headers,
  newPartner,
  outcomeOf,
  type Partner,
  partnersClient,
  partnerToken,
  searchHeaders,
  verifyHeaders,
} from './partners-client.ts';

const SOMCHAI_ID = 1;

describe('Partners API: credentials', () => {
  let server: TestServer;
  let api: ReturnType<typeof partnersClient>;
  let partner: Partner;
  let other: Partner;
  let token: string;
  let accountId: number;

  before(async () => {
    server = await testServer();
    api = partnersClient(server);
    partner = await newPartner(server);
    other = await newPartner(server);
    token = await partnerToken(server, partner);
    accountId = (await server.domain.contacts.owner('mobile', '+66812345678')) ?? SOMCHAI_ID;
  });

  const body = { external_id: 'x', status: '1' };
  /** Every operation, with valid headers. */
  const operations: Record<string, { headers: () => Headers; ask: (headers: Headers) => Promise<Answer> }> = {
    'the search': {
      headers: () => searchHeaders(partner, '0812345678'),
      ask: (headers) => api.search(headers),
    },
    'the obsolete search': {
      headers: () => verifyHeaders(partner),
      ask: (headers) => api.verify(headers, '?mobile=0812345678'),
    },
    'account information': {
      headers: () => accountHeaders(partner, token),
      ask: (headers) => api.account(accountId, headers),
    },
    'setting a binding': {
      headers: () => accountHeaders(partner, token),
      ask: (headers) => api.bind(accountId, 'line', headers, { ...body, external_id: `line ${partner.id}` }),
    },
    'removing a binding': {
      headers: () => accountHeaders(partner, token),
      ask: (headers) => api.unbind(accountId, 'line', headers),
    },
  };
  const names = {
    'the search': ['X-Client-Identifier', 'X-Client-Secret', 'X-Account-Identifier'],
    'the obsolete search': ['client_id', 'client_secret'],
    'account information': ['Authorization', 'access_token', 'client_id', 'client_secret'],
    'setting a binding': ['Authorization', 'access_token', 'client_id', 'client_secret'],
    'removing a binding': ['Authorization', 'access_token', 'client_id', 'client_secret'],
  };

  for (const [operation, headerNames] of Object.entries(names)) {
    const { headers, ask } = operations[operation] as (typeof operations)[string];

    it(`of ${operation} are accepted when they are right, under names in any case`, async () => {
      expect(outcomeOf(await ask(headers()))[0]).to.equal(200);
      const upper = Object.fromEntries(
        Object.entries(headers()).map(([name, value]) => [name.toUpperCase(), value]),
      );
      expect((await ask(upper)).status).to.equal(200);
    });

    for (const name of headerNames) {
      it(`of ${operation} need one ${name} that is well formed`, async () => {
        const right = headers();
        const value = String(right[name]);
        const absent = name === 'access_token' ? [401, 40103] : [400, 40001];
        for (const wrong of [undefined, ''])
          expect(outcomeOf(await ask({ ...right, [name]: wrong })), String(wrong)).to.deep.equal(absent);
        const malformed = {
          doubled: [value, value],
          joined: `${value}, ${value}`,
          'joined without a space': `${value},${value}`,
          '8 KB': 'a'.repeat(8192),
          'not ASCII': `${value}é`,
          'with a tab': `a\ta`,
        };
        for (const [what, wrong] of Object.entries(malformed)) {
          const answer = await ask({ ...right, [name]: wrong });
          expect(outcomeOf(answer), what).to.deep.equal([400, 40001]);
          expect(answer.body.message, what).to.include(name);
          expect(answer.body).to.have.all.keys('code', 'message', 'platform_module');
        }
      });
    }

    it(`of ${operation} get one answer for an unknown client and a wrong secret`, async () => {
      const right = headers();
      const [idName = '', secretName = ''] = headerNames.filter((name) => /client/i.test(name));
      const wrong = [
        { [idName]: '999999999999999' },
        { [secretName]: 'wrong' },
        { [secretName]: `${partner.secret}x` },
        { [secretName]: partner.secret.slice(1) },
        { [secretName]: other.secret },
        { [secretName]: partner.apiKey },
        { [idName]: `0${partner.id}` },
      ];
      const first = await ask({ ...right, ...wrong[0] });
      for (const changes of wrong) {
        const answer = await ask({ ...right, ...changes });
        expect(outcomeOf(answer), JSON.stringify(changes)).to.deep.equal([401, 40101]);
        expect(answer.body).to.deep.equal(first.body);
      }
    });
  }

  it('must have an id that is a number, unless someone is registered under it', async () => {
    for (const id of ['abc', '21 71', '2171;', '-1', '1.5', '٢١٧١'])
      expect(
        outcomeOf(
          await api.search({
            ...searchHeaders(partner, '0812345678'),
            'X-Client-Identifier': Buffer.from(id).toString('latin1'),
          }),
        ),
        id,
      ).to.deep.equal([400, 40001]);
    const app = { id: 'client', secret: 'secret' };
    expect(outcomeOf(await api.search(searchHeaders(app, '0812345678')))).to.deep.equal([403, 40301]);
    expect(outcomeOf(await api.verify(verifyHeaders(app), '?mobile=0812345678'))).to.deep.equal([403, 40301]);
  });

  it('are refused by name for an API key that is unknown or of another client', async () => {
    for (const Authorization of ['unknown', other.apiKey, partner.secret, `${partner.apiKey}0`]) {
      const answer = await api.account(accountId, { ...accountHeaders(partner, token), Authorization });
      expect(outcomeOf(answer)).to.deep.equal([401, 40102]);
    }
    const basic = await api.account(accountId, {
      ...accountHeaders(partner, token),
      Authorization: BASIC_CLIENT,
    });
    expect(outcomeOf(basic)).to.deep.equal([400, 40001]);
  });

  it('need a permission for each thing', async () => {
    const weak = await newPartner(server, { scope: 'openid' });
    expect(outcomeOf(await api.search(searchHeaders(weak, '0812345678')))).to.deep.equal([403, 40301]);
    expect(outcomeOf(await api.verify(verifyHeaders(weak), '?mobile=0812345678'))).to.deep.equal([
      403, 40301,
    ]);
    const headers = accountHeaders(weak, await partnerToken(server, weak));
    expect((await api.account(accountId, headers)).status).to.equal(200);
    expect(outcomeOf(await api.bind(accountId, 'line', headers, body))).to.deep.equal([403, 40301]);
    expect(outcomeOf(await api.unbind(accountId, 'line', headers))).to.deep.equal([403, 40301]);
  });

  it('may be two secrets while a partner changes them, the old one for its time', async () => {
    const changing = await newPartner(server);
    const ask = async (secret: string) =>
      (await api.search(searchHeaders({ ...changing, secret }, '0812345678'))).status;
    expect(await ask(changing.secret)).to.equal(200);
    const newer = await server.domain.clients.rotateSecret(changing.id, 3600);
    expect([await ask(changing.secret), await ask(newer)]).to.deep.equal([200, 200]);
    await server.domain.clients.rotateSecret(changing.id, 0);
    expect([await ask(changing.secret), await ask(newer)]).to.deep.equal([401, 401]);
  });

  it('may be two API keys in the same way', async () => {
    const changing = await newPartner(server);
    const accessToken = await partnerToken(server, changing);
    const ask = async (apiKey: string) =>
      outcomeOf(await api.account(accountId, accountHeaders({ ...changing, apiKey }, accessToken)));
    const newer = await server.domain.clients.rotateSecret(changing.id, 3600, { kind: 'api_key' });
    for (const key of [changing.apiKey, newer]) expect(await ask(key)).to.deep.equal([200, 10001]);
    await server.domain.clients.rotateSecret(changing.id, 0, { kind: 'api_key' });
    for (const key of [changing.apiKey, newer]) expect(await ask(key)).to.deep.equal([401, 40102]);
  });

  it('take as long when the client is unknown as when the secret is wrong', async function () {
    this.timeout(60_000);
    const times: Record<'unknown' | 'wrong', number[]> = { unknown: [], wrong: [] };
    const headers = {
      unknown: searchHeaders({ id: '999999999999999', secret: partner.secret }, '0812345678'),
      wrong: searchHeaders({ id: partner.id, secret: 'a'.repeat(partner.secret.length) }, '0812345678'),
    };
    for (let run = 0; run < 220; run += 1) {
      for (const kind of ['unknown', 'wrong'] as const) {
        const began = performance.now();
        await api.search(headers[kind]);
        if (run >= 20) times[kind].push(performance.now() - began);
      }
    }
    // load on the machine only makes requests slower: the faster runs show the cost of the work
    const faster = (list: number[]): number => [...list].sort((a, b) => a - b)[list.length / 10] ?? 0;
    expect(Math.abs(faster(times.unknown) - faster(times.wrong))).to.be.below(5);
  });

  it('are for servers: a browser is not let in', async () => {
    for (const path of ['/accounts', '/accounts/verify', '/accounts/1', '/accounts/1/bindings/line']) {
      const answer = await fetch(server.url + path, {
        method: 'OPTIONS',
        headers: {
          origin: 'http://localhost:8080',
          'access-control-request-method': 'GET',
          'access-control-request-headers': 'x-client-identifier',
        },
      });
      expect(answer.status).to.be.within(400, 499);
      const allowed = [...answer.headers.keys()].filter((name) => name.startsWith('access-control-'));
      expect(allowed).to.deep.equal([]);
    }
  });
});
