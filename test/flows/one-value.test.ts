import { expect } from 'chai';
import {
  customersClient,
  newMobile,
  newNationalId,
  violationsOf,
} from '../apis/customers/customers-client.ts';
import {
  newPartner,
  partnersClient,
  searchHeaders,
  verifyHeaders,
} from '../apis/partners/partners-client.ts';
import { startServer, type TestServer } from '../support/server.ts';

const PASSWORD = 'correct-horse-battery';

const thai = (text: string): string =>
  text.replaceAll(/\d/g, (digit) => String.fromCharCode(0x0e50 + Number(digit)));
const fullWidth = (text: string): string =>
  text.replaceAll(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)));

/** The spellings of a mobile in contact lists, websites and letterheads, from its ten digits. */
const spellingsOf = (mobile: string): string[] => {
  const [network, middle, last] = [mobile.slice(1, 3), mobile.slice(3, 6), mobile.slice(6)];
  return [
    ` ${mobile}\n`,
    `\u202a+66 ${network} ${middle} ${last}\u202c`,
    `\u2066(0${network})\u00a0${middle}.${last}\u2069`,
    `+66 (0)${network}\u2011${middle}\u2013${last}`,
    `0066${network}${middle}${last}`,
    thai(mobile),
    fullWidth(mobile),
  ];
};

describe('a value means the same on every surface', () => {
  let server: TestServer;
  let api: ReturnType<typeof customersClient>;

  before(async () => {
    server = await startServer({ partners: { searchesPerMinute: 1000 } });
    api = customersClient(server);
  });
  after(() => server.stop());

  it('at registration: mobile, code, national id and e-mail', async () => {
    const mobile = newMobile();
    const thaiId = newNationalId();
    const code = await api.newCode(mobile);
    const body = await api.person({
      mobile: `\u202a+66 (0)${mobile.slice(1, 3)}.${mobile.slice(3, 6)}\u00a0${mobile.slice(6)}\u202c`,
      otpNumber: `${thai(code.slice(0, 3))}\u00a0- ${code.slice(3)}`,
      thaiId: `${thaiId.slice(0, 1)}-${thaiId.slice(1, 5)}-${fullWidth(thaiId.slice(5))}`,
      email: `\u00a0${mobile}@Example.com \r\n`,
    });
    const { status, body: made } = await api.post('/customers/register', body);
    expect(status).to.equal(200);
    expect(made).to.include({ mobile, thaiId, email: `${mobile}@example.com` });
  });

  it('names a code that cannot be one, and takes no attempt for it', async () => {
    const mobile = newMobile();
    const right = await api.newCode(mobile, 'register');
    for (const [otpNumber, code] of [
      ['12345', 'SIZ-10040'],
      ['1234567', 'SIZ-10040'],
      ['12345a', 'FMT-10040'],
      ['      ', 'SIZ-10040'],
    ] as const)
      for (let time = 0; time < 4; time += 1) {
        const answer = await api.post('/customers/pre-register', await api.person({ mobile, otpNumber }));
        expect(violationsOf(answer), otpNumber).to.deep.equal({ 'preRegister.otpNumber': code });
      }
    const answer = await api.post('/customers/pre-register', await api.person({ mobile, otpNumber: right }));
    expect(answer.status).to.equal(200);
  });

  describe('of an account', () => {
    let mobile: string;
    let email: string;
    let card: string;

    before(async () => {
      const body = await api.person();
      const { body: made } = await api.post('/customers/register', body);
      ({ mobile, email } = made);
      card = made.cpOneCard.cardNumber;
    });

    it('at the password grant', async () => {
      const cards = [
        `${card.match(/.{4}/g)?.join(' ')}`,
        thai(card),
        `${card.slice(0, 8)}\u2013${card.slice(8)}`,
      ];
      for (const username of [...spellingsOf(mobile), ...cards, ` ${email.toUpperCase()}\u00a0`]) {
        const { status } = await api.signIn(username, PASSWORD);
        expect(status, username).to.equal(200);
      }
    });

    it('where a mobile is found', async () => {
      for (const identifier of [...spellingsOf(mobile), ` ${email}\n`, thai(card)]) {
        const { status, body } = await api.post('/forgotpassword/findmobile', { identifier });
        // five requests for one identifier a day
        if (status === 429) continue;
        expect(status, identifier).to.equal(200);
        expect([mobile, `08x-xxx-${mobile.slice(-4)}`], identifier).to.include(body.mobile);
      }
    });

    it('at the sign-in of the Self-service API and of the Keys API', async () => {
      const typed = `\t${email}\u00a0\n`;
      for (const path of ['/customers/login', '/api/v2/auth/login']) {
        const { status } = await api.post(path, { email: typed, password: PASSWORD });
        expect(status, path).to.equal(200);
      }
    });

    it("at a partner's search", async () => {
      const partner = await newPartner(server);
      const partners = partnersClient(server);
      for (const spelling of spellingsOf(mobile)) {
        const bytes = Buffer.from(spelling.trim()).toString('latin1');
        const { status, body } = await partners.search(searchHeaders(partner, bytes), '');
        expect(status, spelling).to.equal(200);
        expect(body.data, spelling).to.have.lengthOf(1);
        const query = `?${new URLSearchParams({ mobile: spelling })}`;
        const verified = await partners.verify(verifyHeaders(partner), query);
        expect(verified.body.dataReturn, spelling).not.to.equal(null);
      }
    });
  });
});
