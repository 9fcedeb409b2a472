import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import Provider from 'oidc-provider';
import { unlimited } from '../apis/customers/code-steps.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { type At, arrived, claimsOf, firstParty, type TwoSteps, twoSteps } from './two-steps.ts';
import { identity, leave } from './upstream-steps.ts';

const SECRET = 'the secret of a client at another provider';

/** A bare oidc-provider with its development pages, for one client. */
const bareProvider = (issuer: string, redirectUri: string): Provider =>
  new Provider(issuer, {
    clients: [{ client_id: 'pratu', client_secret: SECRET, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['a key of a test'] },
    pkce: { required: () => true },
    findAccount: (_ctx, id) => ({
      accountId: id,
      claims: async () => ({
        ...{ sub: id, email: `${id}@example.com`, email_verified: true },
        name: 'ฝอย ขัดหม้อ',
      }),
    }),
  });

describe('signing in with a bare oidc-provider', () => {
  let upstream: Server;
  let server: TestServer;
  let flow: TwoSteps;
  before(async () => {
    upstream = createServer();
    await once(upstream.listen(0, '127.0.0.1'), 'listening');
    const issuer = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    const named = { id: 'staff', kind: 'oidc', name: { th: 'พนักงาน', en: 'Staff' } } as const;
    server = await startServer({
      ...unlimited(),
      registration: { required: ['name'] },
      upstream: [{ ...named, clientId: 'pratu', clientSecret: SECRET, issuer, trustEmail: true }],
    });
    const provider = bareProvider(issuer, `${server.url}/upstream/staff/callback`);
    upstream.on('request', provider.callback());
    flow = twoSteps(server, await firstParty(server));
  });
  after(async () => {
    await server.stop();
    upstream.closeAllConnections();
    upstream.close();
  });

  /** Signs in on the pages of the other provider, in a browser with separate cookies. */
  async function signInThere(url: URL, login: string): Promise<string> {
    const there = new BrowserAgent();
    let answer = await there.follow(url.href);
    for (let step = 0; step < 3; step += 1) {
      const next = answer.headers.get('location');
      if (next) return new URL(next, there.location).href;
      const page = await answer.text();
      const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1] ?? '';
      answer = await there.submit(action, { login, password: 'any' }, page);
    }
    throw new Error(`the sign-in did not end: ${there.location}`);
  }

  async function signIn(login: string): Promise<At> {
    const begun = await flow.start();
    const back = await signInThere(await leave(begun, 'staff'), login);
    return arrived(begun.agent, await begun.agent.follow(back));
  }

  it('registers on one page, by what the userinfo endpoint says, and signs in again', async () => {
    const login = `person-${process.pid}`;
    const form = await signIn(login);
    expect(form.step, form.page).to.equal('upstream/register/details');
    for (const filled of ['value="ฝอย"', 'value="ขัดหม้อ"', `value="${login}@example.com"`])
      expect(form.page).to.include(filled);
    // the form has no more fields than the settings require
    for (const field of ['mobile', 'birthDate', 'thaiId', 'password'])
      expect(form.page).to.not.include(`name="${field}"`);
    const refused = await flow.send(form, 'upstream/register/details', identity({ title: '' }));
    expect([refused.status, refused.step]).to.deep.equal([400, 'upstream/register/details']);
    const end = await flow.send(
      form,
      'upstream/register/details',
      identity({ email: `${login}@example.com` }),
    );
    const { sub } = claimsOf(await flow.tokens(end));
    const account = await server.domain.accounts.find(Number(sub));
    expect(account?.profile).to.include({ firstName: 'ฝอย', birthDate: null });
    expect(account?.contacts).to.have.length(1);
    expect(account?.contacts[0]).to.include({ value: `${login}@example.com`, verified: true });
    expect(claimsOf(await flow.tokens(await signIn(login))).sub).to.equal(sub);
  });

  it('is declined there by the button of its page', async () => {
    const begun = await flow.start();
    const left = await leave(begun, 'staff');
    const there = new BrowserAgent();
    const page = await (await there.follow(left.href)).text();
    const abort = /href="([^"]*\/abort)"/.exec(page)?.[1] ?? '';
    const answer = await there.follow(abort);
    const back = await begun.agent.follow(answer.headers.get('location') ?? '');
    const failed = await arrived(begun.agent, back);
    expect([failed.status, failed.step]).to.deep.equal([400, 'upstream/return']);
    expect(failed.page).to.match(/cancelled|ยกเลิก/);
  });
});
