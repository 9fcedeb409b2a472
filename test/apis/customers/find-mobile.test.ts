import { expect } from 'chai';
import type { FreshServer } from '../../concurrency/fresh-server.ts';
import { moveClock } from '../../support/clock.ts';
import { forgetCounts } from '../../support/forget-counts.ts';
import { startServer } from '../../support/server.ts';
import { BASIC_CLIENT } from '../../support/sign-in.ts';
import { codeServer, from, unlimited } from './code-steps.ts';
import { type Answer, customersClient, newMobile, newNationalId, violationsOf } from './customers-client.ts';

const MASK = /^0[689]x-xxx-\d{4}$/;
const HOUR = 3600;

describe('Customers API: find mobile', () => {
  let server: FreshServer;
  let api: ReturnType<typeof customersClient>;

  before(async () => {
    server = await codeServer();
    api = customersClient(server);
  });

  beforeEach(() => forgetCounts(server.database));

  after(() => server.leave());

  let caller = 0;
  /** An address that has not sent a request yet. */
  const somewhere = (): Record<string, string> => {
    caller += 1;
    return from(`198.51.100.${caller}`);
  };

  const byPath = (identifier: string, headers = somewhere()): Promise<Answer> =>
    api.call('GET', `/forgotpassword/${encodeURIComponent(identifier)}/findmobile`, { headers });
  const byBody = (identifier: unknown, headers = somewhere()): Promise<Answer> =>
    api.post('/forgotpassword/findmobile', { identifier }, headers);

  /** The mobile that both forms of the request return. */
  async function found(identifier: string): Promise<string> {
    const [one, other] = [await byPath(identifier), await byBody(identifier)];
    expect(one.status).to.equal(200);
    expect(other.body).to.deep.equal(one.body);
    expect(Object.keys(one.body)).to.deep.equal(['mobile']);
    return one.body.mobile;
  }

  /** A customer with a verified e-mail address and a card. */
  async function findable() {
    const customer = await api.customer();
    const { id, mobile, bearer: headers } = customer;
    const { email, thaiId } = customer as Record<string, unknown>;
    await server.database
      .knex('contacts')
      .where({ kind: 'email', account_id: id })
      .update({ verified_at: new Date() });
    const { cardNumber } = (await api.call('GET', '/customers', { headers })).body.cpOneCard;
    return { mobile, email: String(email), thaiId: String(thaiId), cardNumber: String(cardNumber) };
  }

  it('masks the number behind an e-mail, a national id and a card', async () => {
    const { mobile, email, thaiId, cardNumber } = await findable();
    const mask = `${mobile.slice(0, 2)}x-xxx-${mobile.slice(-4)}`;
    for (const identifier of [email, email.toUpperCase(), thaiId, cardNumber])
      expect(await found(identifier), identifier).to.equal(mask);
  });

  it('answers a number as it was given, whether or not anyone has it', async () => {
    const { mobile } = await findable();
    const free = newMobile();
    expect(await found(mobile)).to.equal(mobile);
    expect(await found(free)).to.equal(free);
  });

  it('makes up a mask that stays the same for what nobody has', async () => {
    for (const identifier of [
      'nobody@example.com',
      newNationalId(),
      '0001999999999999',
      'whatever',
      '%',
      'a/b',
    ]) {
      const first = await found(identifier);
      expect(first, identifier).to.match(MASK);
      expect(await found(identifier), identifier).to.equal(first);
    }
    const several = await Promise.all(
      Array.from(
        { length: 20 },
        async (_, index) => (await byBody(`nobody-${index}@example.com`)).body.mobile,
      ),
    );
    expect(new Set(several).size).to.be.above(15);
  });

  it('answers all spellings alike, of what someone has and of what nobody has', async () => {
    const spell = (id: string): string => id.replace(/^(\d)(\d{4})(\d{5})(\d{2})(\d)$/, '$1-$2-$3-$4-$5');
    for (const thaiId of [(await findable()).thaiId, newNationalId()]) {
      const first = await found(thaiId);
      expect(await found(spell(thaiId))).to.equal(first);
      expect((await byBody(` ${thaiId} `)).body.mobile).to.equal(first);
      // five requests for one identifier a day, however it is spelled
      expect((await byBody(spell(thaiId).replaceAll('-', ' '))).status).to.equal(429);
    }
    const nobody = 'nobody-ﬁ@bücher.example';
    expect(await found(nobody)).to.equal(await found('NOBODY-FI@xn--bcher-kva.example'));
  });

  it('makes a mask up for an account without a mobile', async () => {
    const { mobile, email } = await findable();
    await server.database
      .knex('contacts')
      .where({ value: `+66${mobile.slice(1)}` })
      .delete();
    expect(await found(email)).to.match(MASK);
  });

  it('says when the identifier is missing or of a wrong kind', async () => {
    expect(violationsOf(await api.post('/forgotpassword/findmobile', {}))).to.deep.equal({
      'findMobile.identifier': 'REQ-10190',
    });
    for (const identifier of ['', null, [], {}, true, 'x'.repeat(101)])
      expect((await byBody(identifier)).status, JSON.stringify(identifier).slice(0, 9)).to.equal(400);
    for (const body of [null, [], 'text', 5])
      expect((await api.post('/forgotpassword/findmobile', body, somewhere())).status).to.equal(400);
    expect((await api.call('POST', '/forgotpassword/findmobile', { headers: somewhere() })).status).to.equal(
      400,
    );
    for (const path of ['%00', 'a%00b', '%ED%A0%80', '%zz'])
      expect(
        (await api.call('GET', `/forgotpassword/${path}/findmobile`, { headers: somewhere() })).status,
        path,
      ).to.be.within(400, 404);
  });

  it('answers ten questions an hour from an address', async () => {
    const here = from('203.0.113.80');
    const ask = async (index: number) => byBody(`somebody-${index}@example.com`, here);
    for (let index = 0; index < 10; index += 1) expect((await ask(index)).status).to.equal(200);
    const refused = await ask(10);
    expect(refused.status).to.equal(429);
    expect(Number(refused.headers.get('retry-after'))).to.be.within(HOUR - 60, HOUR);
    expect((await byPath('somebody-10@example.com', here)).status).to.equal(429);
    expect((await byPath('somebody-10@example.com')).status).to.equal(200);
    await moveClock(server.database, HOUR + 1);
    expect((await ask(10)).status).to.equal(200);
  });

  it('answers five questions a day about one identifier, known or not', async () => {
    for (const identifier of [(await findable()).email, 'nobody-at-all@example.com']) {
      for (let time = 0; time < 5; time += 1)
        expect((await (time % 2 ? byBody : byPath)(identifier)).status).to.equal(200);
      const refused = await byBody(identifier.toUpperCase());
      expect(refused.status).to.equal(429);
      expect(Number(refused.headers.get('retry-after'))).to.be.above(23 * HOUR);
    }
  });

  it('reveals the number to a first-party client, where that is set, and to nobody else', async () => {
    const { mobile, email } = await findable();
    const basic = (pair: string) => ({ ...somewhere(), authorization: `Basic ${btoa(pair)}` });
    expect((await byBody(email, { ...somewhere(), authorization: BASIC_CLIENT })).body.mobile).to.match(MASK);

    const own = await startServer({ ...unlimited(), forgotPassword: { revealMobile: true } });
    const at = customersClient(own);
    const ask = (identifier: string, headers: Record<string, string>) =>
      at.post('/forgotpassword/findmobile', { identifier }, headers);
    try {
      expect((await ask(email, somewhere())).body.mobile).to.match(MASK);
      expect((await ask(email, basic('client:secret'))).body).to.deep.equal({ mobile });
      const wrong = await ask(email, basic('client:wrong'));
      expect(wrong.status).to.equal(401);
      expect(wrong.headers.get('www-authenticate')).to.be.a('string');
      expect((await ask('nobody@example.com', basic('client:secret'))).body.mobile).to.match(MASK);
      const other = await ask(email, basic('service:service-secret'));
      expect(other.body.mobile ?? '').to.not.equal(mobile);
    } finally {
      await own.stop();
    }
  });
});
