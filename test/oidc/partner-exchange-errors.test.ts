import { expect } from 'chai';
import { resultOf } from '../../src/oidc/partner-exchange/results.ts';
import { failingInserts, withoutDatabase } from '../concurrency/broken-database.ts';
import { createClient } from '../support/clients.ts';
import { moveClock } from '../support/clock.ts';
import { authorize } from '../support/code-flow.ts';
import { type TestServer, testServer } from '../support/server.ts';
import {
  encrypted,
  exchange,
  exchangeJson,
  exchangeOf,
  type Fields,
  PARTNER,
  partnerCodes,
  post,
  REQUEST_ID,
  told,
} from './partner-client.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const BAD = '400 invalid_request 101';
const CLIENT = '401 invalid_client 102';
const CODE = '400 invalid_grant 103';
const FAR = '400 invalid_request 105';
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

/** Parameters that are invalid in themselves. The error names the invalid one. */
const WRONG: [name: string, changes: Fields][] = [
  ['request_id', { request_id: undefined }],
  ['request_id', { request_id: '' }],
  ['request_id', { request_id: 'x'.repeat(51) }],
  ['request_id', { request_id: 'คำขอ' }],
  ['request_id', { request_id: 'two\nlines' }],
  ['mobile_number', { mobile_number: undefined }],
  ['mobile_number', { mobile_number: '' }],
  ['code', { code: undefined }],
  ['timestamp', { timestamp: undefined }],
  ['timestamp', { timestamp: 'yesterday' }],
  ['timestamp', { timestamp: '1605095994' }],
  ['timestamp', { timestamp: '2020-11-11T11:59:54' }],
  ['timestamp', { timestamp: '2020-11-11' }],
  ['timestamp', { timestamp: '2020-02-30T11:59:54Z' }],
  ['timestamp', { timestamp: '2020-11-11T25:59:54Z' }],
  ['timestamp', { timestamp: `2020-11-11T11:59:54.${'0'.repeat(60)}Z` }],
  ['grant_type', { grant_type: undefined }],
];

describe('the errors of a code exchange bound to a mobile number', () => {
  let server: TestServer;
  let newCode: ReturnType<typeof partnerCodes>;

  before(async () => {
    server = await testServer();
    newCode = partnerCodes(server.url);
  });

  it('name the parameter, by form and by JSON, and leave the code usable', async () => {
    const code = await newCode();
    for (const [name, changes] of WRONG) {
      const fields = exchangeOf(code, changes);
      for (const answer of [
        await post(server.url, new URLSearchParams(fields)),
        await exchangeJson(server.url, fields),
      ]) {
        expect({ changes, told: told(answer) }).to.deep.equal({ changes, told: BAD });
        expect(answer.body.error_description).to.include(name);
        expect(answer.body.request_id).to.equal(name === 'request_id' ? null : REQUEST_ID);
        expect(Date.parse(String(answer.body.timestamp))).to.be.closeTo(Date.now(), 60_000);
      }
    }
    expect((await exchange(server.url, code)).status).to.equal(200);
  });

  it('refuse every parameter that comes twice', async () => {
    const code = await newCode();
    for (const name of Object.keys(exchangeOf(code))) {
      const fields = new URLSearchParams(exchangeOf(code));
      fields.append(name, fields.get(name) ?? '');
      const answer = await post(server.url, fields);
      expect({ name, told: told(answer) }).to.deep.equal({ name, told: BAD });
    }
    expect((await exchange(server.url, code)).status).to.equal(200);
  });

  it('refuse wrong types in JSON, and characters that cannot be stored', async () => {
    for (const value of [7, true, null, ['x'], { x: 'y' }]) {
      for (const name of ['request_id', 'mobile_number', 'code', 'timestamp', 'redirect_url']) {
        const answer = await exchangeJson(server.url, { ...exchangeOf('a-code'), [name]: value });
        expect(told(answer)).to.equal(BAD);
        expect(answer.body.error_description).to.include(name);
      }
    }
    for (const text of ['a\u0000b', 'a\ud800b']) {
      const answer = await exchangeJson(server.url, exchangeOf('a-code', { request_id: text }));
      expect(told(answer)).to.equal(BAD);
      expect(answer.body.request_id).to.equal(null);
    }
    const form = new URLSearchParams(exchangeOf('a-code')).toString();
    for (const broken of [`${form}&x=%00`, `${form}&x=%ED%A0%80`, `${form}&x=%zz`]) {
      expect(told(await post(server.url, broken, FORM))).to.equal(BAD);
    }
    const json = JSON.stringify(exchangeOf('a-code')).slice(0, -1);
    expect(told(await post(server.url, json, { 'content-type': 'application/json' }))).to.equal(BAD);
  });

  it('refuse a member that JSON has twice, and leave the code usable', async () => {
    const members = exchangeOf(await newCode());
    const json = JSON.stringify(members);
    const twice = `${json.slice(0, -1)},"mobile_number":${JSON.stringify(encrypted())}}`;
    const answer = await post(server.url, twice, { 'content-type': 'application/json' });
    expect(told(answer)).to.equal(BAD);
    expect(answer.body.error_description).to.include('mobile_number');
    expect((await exchangeJson(server.url, members)).status).to.equal(200);
  });

  it('have their form also for a partner that only its Basic credentials name', async () => {
    const authorization = `Basic ${btoa(`${PARTNER.id}:${PARTNER.secret}`)}`;
    const { mobile_number: _, client_id: __, client_secret: ___, ...rest } = exchangeOf('a-code');
    const answers = [
      await post(server.url, JSON.stringify(rest), { 'content-type': 'application/json', authorization }),
      await post(server.url, '<a/>', { 'content-type': 'text/xml', authorization }),
    ];
    for (const { status, body } of answers) {
      expect(status).to.be.within(400, 415);
      expect(body).to.include.all.keys('error', 'res_code', 'res_message', 'request_id', 'timestamp');
    }
    const other = await post(server.url, '<a/>', {
      'content-type': 'text/xml',
      authorization: `Basic ${btoa('client:secret')}`,
    });
    expect(other.body).to.not.have.property('res_code');
  });

  it('report a timestamp that is too far away, and leave the code usable', async () => {
    const code = await newCode();
    for (const seconds of [-310, 310, -86_400, 40_000_000]) {
      expect(told(await exchange(server.url, code, { timestamp: inSeconds(seconds) }))).to.equal(FAR);
    }
    expect(told(await exchange(server.url, code, { timestamp: '2020-11-11T11:59:54.003Z' }))).to.equal(FAR);
    const bangkok = new Date(Date.now() + 7 * 3_600_000).toISOString().replace('Z', '+07:00');
    expect((await exchange(server.url, code, { timestamp: bangkok })).status).to.equal(200);
    for (const seconds of [-290, 290]) {
      const timestamp = inSeconds(seconds);
      expect((await exchange(server.url, await newCode(), { timestamp })).status).to.equal(200);
    }
  });

  it('read a plus sign that was not encoded in the timestamp', async () => {
    const { timestamp: _, ...rest } = exchangeOf(await newCode());
    const bangkok = new Date(Date.now() + 7 * 3_600_000).toISOString().replace('Z', '+07:00');
    const answer = await post(server.url, `${new URLSearchParams(rest)}&timestamp=${bangkok}`, FORM);
    expect(answer.status).to.equal(200);
  });

  it('refuse a code that is unknown, too old, used, or of another client', async () => {
    expect(told(await exchange(server.url, 'unknown'))).to.equal(CODE);
    expect(told(await exchange(server.url, 'x'.repeat(5000)))).to.equal(CODE);
    const other = await createClient(server, { client_id: `${Date.now()}` });
    const foreign = await authorize(server, other);
    expect(told(await exchange(server.url, foreign.code))).to.equal(CODE);

    const used = await newCode();
    const { body } = await exchange(server.url, used);
    expect(told(await exchange(server.url, used))).to.equal(CODE);
    const after = await fetch(`${server.url}/oauth/userinfo`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    expect(after.status, 'what the code gave ends when it comes again').to.equal(401);

    const old = await newCode();
    await moveClock(server.database, 61);
    expect(told(await exchange(server.url, old))).to.equal(CODE);
  });

  it('report an unknown client, whatever its id, when a mobile number is present', async () => {
    const wrong: Fields[] = [
      { client_secret: 'wrong' },
      { client_secret: undefined },
      { client_id: '999999' },
      { client_id: 'client', client_secret: 'wrong' },
    ];
    for (const changes of wrong) {
      const form = await exchange(server.url, 'a-code', changes);
      const json = await exchangeJson(server.url, exchangeOf('a-code', changes));
      expect([told(form), told(json)]).to.deep.equal([CLIENT, CLIENT]);
      expect(form.body.request_id).to.equal(REQUEST_ID);
      const strange = await exchange(server.url, 'a-code', { ...changes, request_id: 'x'.repeat(51) });
      expect(strange.body).to.include({ res_code: '102', request_id: null });
    }
    expect(told(await exchange(server.url, 'a-code', { client_id: undefined }))).to.equal(BAD);
    const without = await exchange(server.url, 'a-code', {
      client_id: 'client',
      client_secret: 'wrong',
      mobile_number: undefined,
    });
    expect(Object.keys(without.body)).to.deep.equal(['error', 'error_description']);
  });

  it('keep the OAuth errors for a partner that requests another grant', async () => {
    const fields = { client_id: PARTNER.id, client_secret: PARTNER.secret, grant_type: 'refresh_token' };
    const { body } = await post(server.url, new URLSearchParams(fields));
    expect(body.error).to.be.a('string');
    expect(body).to.not.have.property('res_code');
  });

  it('report an outage and a fault of the server, and leave the code usable', async () => {
    const code = await newCode();
    const down = await withoutDatabase(() => exchange(server.url, code));
    expect(told(down)).to.equal('503 temporarily_unavailable 503');
    expect(down.headers.get('retry-after')).to.match(/^\d+$/);
    expect(down.body.request_id).to.equal(REQUEST_ID);

    const mend = await failingInserts(server.database, 'AccessToken', '23514');
    try {
      expect(told(await exchange(server.url, code))).to.equal('500 server_error 999');
    } finally {
      await mend();
    }
    expect((await exchange(server.url, code)).status).to.equal(200);
  });

  it('have a result for every status', () => {
    expect(resultOf({ status: 429, error: 'temporarily_unavailable' })).to.equal('429');
    expect(resultOf({ status: 503, error: 'temporarily_unavailable' })).to.equal('503');
    expect(resultOf({ status: 500, error: 'server_error' })).to.equal('999');
    expect(resultOf({ status: 413, error: 'invalid_request' })).to.equal('101');
  });
});
