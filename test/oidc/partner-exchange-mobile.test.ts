import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { newMobile } from '../apis/customers/customers-client.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { encrypted, exchange, MOBILE, PARTNER, partnerCodes, told } from './partner-client.ts';

const WRONG = '400 invalid_grant 104';

/** One whole block that ends with these bytes. */
const block = (...end: number[]): Buffer => Buffer.from([...Buffer.alloc(16 - end.length, 0x30), ...end]);
const base64 = (bytes: number): string => randomBytes(bytes).toString('base64');

/** Every value that is not a number of the account. */
const VARIANTS: Readonly<Record<string, () => string>> = {
  'no base64': () => '***',
  'base64 for URLs': () =>
    encrypted()
      .replaceAll(/[+/]/g, '-')
      .replace(/^.(?=.)/, '_'),
  'base64 without its end': () => encrypted().slice(0, -1),
  'an IV alone': () => base64(16),
  'half a block': () => base64(40),
  'more blocks than a number has': () => base64(160),
  'sixty thousand characters': () => 'A'.repeat(48_000),
  'no padding at all': () => encrypted(block(0x78), { padded: false }),
  'padding of no bytes': () => encrypted(block(0), { padded: false }),
  'padding of 17 bytes': () => encrypted(block(17), { padded: false }),
  'padding that differs': () => encrypted(block(3, 2, 3), { padded: false }),
  'another key': () => encrypted(MOBILE, { key: randomBytes(32) }),
  'the number in clear': () => MOBILE,
  'an empty text': () => encrypted(''),
  'no number': () => encrypted('somchai'),
  'bytes that are no text': () => encrypted(randomBytes(12)),
  "somebody else's number": () => encrypted('0899999999'),
};

describe('the mobile number of an exchange', () => {
  let server: TestServer;
  let newCode: ReturnType<typeof partnerCodes>;

  before(async () => {
    server = await testServer();
    newCode = partnerCodes(server.url);
  });

  it('is refused in one way, whatever is wrong with it, and leaves the code usable', async () => {
    const answers = new Set<string>();
    for (const [name, make] of Object.entries(VARIANTS)) {
      const code = await newCode();
      const { status, body } = await exchange(server.url, code, { mobile_number: make() });
      expect(status, name).to.equal(400);
      answers.add(JSON.stringify({ ...body, timestamp: undefined }));
      expect((await exchange(server.url, code)).status, name).to.equal(200);
    }
    expect([...answers]).to.have.lengthOf(1);
    expect(JSON.parse([...answers][0] ?? '')).to.include({ error: 'invalid_grant', res_code: '104' });
  });

  it('is right in every spelling', async () => {
    const [thai, marked] = ['๐๘๑-๒๓๔-๕๖๗๘', '\u202a+66 (0)81.234.5678\u202c'];
    for (const spelling of ['0066812345678', marked, thai, '０８１２３４５６７８']) {
      const answer = await exchange(server.url, await newCode(), {
        mobile_number: encrypted(Buffer.from(spelling)),
      });
      expect(answer.status, spelling).to.equal(200);
    }
  });

  it('takes about the same time, whatever is wrong with it', async () => {
    const compared = [
      'no base64',
      'padding that differs',
      'another key',
      'no number',
      "somebody else's number",
    ];
    const times = new Map<string, number[]>(compared.map((name) => [name, []]));
    for (let round = 0; round < 15; round += 1) {
      const code = await newCode();
      for (const name of compared) {
        const mobileNumber = VARIANTS[name]?.() ?? '';
        const started = performance.now();
        expect(told(await exchange(server.url, code, { mobile_number: mobileNumber }))).to.equal(WRONG);
        times.get(name)?.push(performance.now() - started);
      }
    }
    // load on the machine only makes requests slower: the fastest of many runs shows the cost of the work
    const fastest = [...times.values()].map((all) => Math.min(...all));
    expect(Math.max(...fastest)).to.be.lessThan(2 * Math.min(...fastest) + 10);
  });

  it('uses the code up when it is wrong five times', async () => {
    const code = await newCode();
    for (let time = 0; time < 4; time += 1) {
      expect(told(await exchange(server.url, code, { mobile_number: encrypted('0899999999') }))).to.equal(
        WRONG,
      );
    }
    const kept = await newCode();
    expect(told(await exchange(server.url, code, { mobile_number: '***' }))).to.equal(WRONG);
    expect(told(await exchange(server.url, code))).to.equal('400 invalid_grant 103');
    expect((await exchange(server.url, kept)).status).to.equal(200);
  });

  it('is counted before it is checked: many guesses at once are five', async () => {
    const code = await newCode();
    const guesses = Array.from({ length: 12 }, () =>
      exchange(server.url, code, { mobile_number: encrypted('0899999999') }),
    );
    const results = (await Promise.all(guesses)).map(told);
    expect(results.filter((result) => result === WRONG)).to.have.lengthOf(5);
    expect(new Set(results)).to.deep.equal(new Set([WRONG, '400 invalid_grant 103']));
  });

  it('is not counted with a code that is wrong for another reason', async () => {
    const code = await newCode();
    for (let time = 0; time < 6; time += 1) {
      const wrong = { mobile_number: '***', redirect_uri: 'http://localhost:8080/other' };
      expect(told(await exchange(server.url, code, wrong))).to.equal('400 invalid_grant 103');
    }
    expect((await exchange(server.url, code)).status).to.equal(200);
  });

  it('must be verified', async () => {
    const mobile = newMobile();
    const email = `${mobile}@example.com`;
    const password = 'correct-horse-battery';
    const { id } = await server.domain.lifecycle.create({
      password,
      titleId: 1,
      contacts: [
        { kind: 'email', value: email, verified: true },
        { kind: 'mobile', value: mobile, verified: false },
      ],
      registerChannel: 'WEB',
      profile: { firstName: 'Malee', lastName: 'Sukjai' },
    });
    const code = await partnerCodes(server.url, PARTNER, { login: email, password })();
    const sent = { mobile_number: encrypted(mobile) };
    expect(told(await exchange(server.url, code, sent))).to.equal(WRONG);
    await server.domain.contacts.removeAll(id, 'mobile');
    await server.domain.contacts.add(id, { kind: 'mobile', value: mobile, verified: true });
    expect((await exchange(server.url, code, sent)).status).to.equal(200);
  });

  it('may be under the old key while the client changes it', async () => {
    const secret = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64');
    const made = await server.domain.clients.rotateSecret(PARTNER.id, 600, { kind: 'mobile_key' });
    try {
      expect((await exchange(server.url, await newCode())).status).to.equal(200);
      const fresh = encrypted(MOBILE, { key: Buffer.from(made, 'base64') });
      expect((await exchange(server.url, await newCode(), { mobile_number: fresh })).status).to.equal(200);
    } finally {
      await server.domain.clients.rotateSecret(PARTNER.id, 0, { kind: 'mobile_key', secret });
    }
  });
});
