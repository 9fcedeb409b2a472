import { expect } from 'chai';
import { customersClient } from '../apis/customers/customers-client.ts';
import { linkTo, pressOn } from '../apis/customers/mails.ts';
import { keyHeader, keysClient, PASSWORD } from '../apis/keys/keys-client.ts';
import {
  accountHeaders,
  newPartner,
  type Partner,
  partnersClient,
  partnerToken,
  searchHeaders,
} from '../apis/partners/partners-client.ts';
import { newEmail, selfServiceClient } from '../apis/self-service/self-service-client.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { authorizationUrl, pkce, signInOnPages } from '../support/sign-in.ts';

describe('one account behind every surface', () => {
  let server: TestServer;
  let customers: ReturnType<typeof customersClient>;
  let selfService: ReturnType<typeof selfServiceClient>;
  let keys: ReturnType<typeof keysClient>;
  let partners: ReturnType<typeof partnersClient>;
  let partner: Partner;

  before(async () => {
    server = await testServer();
    customers = customersClient(server);
    selfService = selfServiceClient(server);
    keys = keysClient(server);
    partners = partnersClient(server);
    partner = await newPartner(server);
  });

  const prove = async (email: string): Promise<void> =>
    void (await pressOn(await linkTo(server, email, '/verify-email')));

  /** Creates an account at one surface, with an e-mail address that the mail to it verified. */
  const makers: Record<string, (email: string) => Promise<void>> = {
    async 'the Customers API'(email) {
      await customers.customer({ email, password: PASSWORD });
      await prove(email);
    },
    async 'the Self-service API'(email) {
      await selfService.post('', { email, name: 'Test Name' });
      const [identifier, secret] = [
        await selfService.mailed(email, 'identifier'),
        await selfService.mailed(email, 'secret'),
      ];
      const answer = await selfService.post('/activate', {
        identifier,
        secret,
        password: PASSWORD,
        password_check: PASSWORD,
      });
      expect(answer.status).to.equal(200);
    },
    async 'the Keys API'(email) {
      await keys.registered({ email });
      await prove(email);
    },
  };

  /** Gets the credentials of the account at every surface. Each surface has just returned the account's id. */
  async function walk(email: string) {
    const { body: tokens } = await customers.signIn(email, PASSWORD);
    const bearer = { authorization: `Bearer ${tokens.access_token}` };
    const { body: customer } = await customers.call('GET', '/customers', { headers: bearer });
    const id = customer.id as number;
    expect(id).to.be.a('number');

    const { body: login } = await selfService.login(email);
    const self = { authorization: `Bearer ${login.token}` };
    expect((await selfService.send('GET', '/customers/self', undefined, self)).body.id).to.equal(String(id));

    const key = keyHeader((await keys.login({ email, password: PASSWORD })).body.key);
    expect((await keys.user(key)).body.user.id_user).to.equal(id);

    const person = { login: email, password: PASSWORD };
    const atPartner = accountHeaders(partner, await partnerToken(server, partner, person));
    expect((await partners.account(id, atPartner)).body.data.email).to.equal(email);
    const [found] = (await partners.search(searchHeaders(partner, email))).body.data;
    expect(found).to.include({ uid: String(id), status: '1' });

    const browser = new BrowserAgent();
    const url = authorizationUrl(server.url, pkce().challenge, { prompt: 'consent' });
    expect((await signInOnPages(browser, url, person)).searchParams.get('code')).to.be.a('string');
    return { id, tokens, bearer, self, key, atPartner, browser };
  }

  /** The statuses of responses to all credentials of an account. */
  async function statuses({
    id,
    tokens,
    bearer,
    self,
    key,
    atPartner,
    browser,
  }: Awaited<ReturnType<typeof walk>>) {
    const silent = authorizationUrl(server.url, pkce().challenge, { prompt: 'none' });
    const back = new URL((await browser.follow(silent)).headers.get('location') ?? '');
    return {
      customer: (await customers.call('GET', '/customers', { headers: bearer })).status,
      refresh: (await customers.refresh(tokens.refresh_token)).status,
      self: (await selfService.send('GET', '/customers/self', undefined, self)).status,
      key: (await keys.user(key)).status,
      partner: (await partners.account(id, atPartner)).status,
      browser: back.searchParams.get('error') ?? 'signed in',
    };
  }

  const DEAD = {
    customer: 401,
    refresh: 400,
    self: 401,
    key: 401,
    partner: 401,
    browser: 'login_required',
  };

  for (const [surface, make] of Object.entries(makers)) {
    it(`which ${surface} made is good at the others, and suspended at all of them at once`, async () => {
      const email = newEmail();
      await make(email);
      const account = await walk(email);
      expect(await statuses(account)).to.deep.equal({
        customer: 200,
        refresh: 200,
        self: 200,
        key: 200,
        partner: 200,
        browser: 'signed in',
      });
      await server.domain.lifecycle.suspend(account.id);
      expect(await statuses(account)).to.deep.equal(DEAD);
      const refused = await Promise.all([
        customers.signIn(email, PASSWORD),
        selfService.login(email),
        keys.login({ email, password: PASSWORD }),
      ]);
      expect(refused.map(({ status }) => status)).to.deep.equal([400, 401, 401]);
      const [found] = (await partners.search(searchHeaders(partner, email))).body.data;
      expect(found).to.include({ uid: String(account.id), status: '3' });
    });
  }

  it('has one password, whichever surface changes it, and everything else is invalid at once', async () => {
    const email = newEmail();
    await makers['the Self-service API']?.(email);
    const account = await walk(email);
    const change = { password: 'staple-gun-orchestra', current_password: PASSWORD };
    const changed = await selfService.send('PATCH', '/customers/self', change, account.self);
    expect(changed.status).to.equal(200);
    expect(await statuses(account)).to.deep.equal({ ...DEAD, self: 200 });
    expect((await keys.login({ email, password: 'staple-gun-orchestra' })).body.status).to.equal(1);
    expect((await customers.signIn(email, PASSWORD)).status).to.equal(400);
  });
});
