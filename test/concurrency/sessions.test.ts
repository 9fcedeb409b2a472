import { expect } from 'chai';
import { BrowserAgent } from '../support/browser-agent.ts';
import { authorizationUrl, pkce, signInOnPages } from '../support/sign-in.ts';
import { type Processes, twoProcesses } from './processes.ts';
import { isSignedIn, newCode } from './requests.ts';

const SESSION = 'sid';

/** Another browser, or another tab, with the same cookies. */
function copyOf(agent: BrowserAgent): BrowserAgent {
  const copy = new BrowserAgent();
  for (const [name, { value, path }] of agent.cookies) copy.setCookie(name, value, path);
  return copy;
}

describe('a session that two processes share', () => {
  let both: Processes;

  before(async function () {
    this.timeout(60_000);
    both = await twoProcesses();
  });

  after(() => both.end());

  const sessionCookie = (agent: BrowserAgent): string => {
    const found = [...agent.cookies].find(([name]) => name === SESSION);
    expect(found, [...agent.cookies.keys()].join(' ')).to.be.an('array');
    return found?.[1].value ?? '';
  };

  /** A browser with a session that is not signed in. The page that asks whether to sign out creates one. */
  async function anonymous(): Promise<BrowserAgent> {
    const agent = new BrowserAgent();
    await agent.follow(`${both.issuer}/oauth/logout`);
    sessionCookie(agent);
    return agent;
  }

  const authorizationsOf = async (): Promise<string[][]> => {
    const rows = await both.server.database.knex('sessions').whereNotNull('account_id').select('payload');
    return rows.map(({ payload }) => Object.keys(payload.authorizations ?? {}).sort());
  };

  it('keeps what two clients got in two tabs at once', async () => {
    const agent = new BrowserAgent();
    await newCode(both.issuer, agent);
    const tab = async (client: string): Promise<string | null> => {
      const url = authorizationUrl(both.issuer, pkce().challenge, { client_id: client });
      return (await agent.request(url)).headers.get('location');
    };
    // the public client has consent; the first-party client needs none
    const locations = await Promise.all([tab('client'), tab('spa'), tab('client'), tab('spa')]);
    for (const location of locations) expect(location).to.match(/^http:\/\/localhost:8080\/cb\?.*code=/);
    expect(await authorizationsOf()).to.deep.equal([['client', 'spa']]);
  });

  it('survives two sign-ins at once from two tabs', async () => {
    await both.server.database.knex('sessions').delete();
    const first = await anonymous();
    const second = copyOf(first);
    const { challenge } = pkce();
    await Promise.all([
      signInOnPages(first, authorizationUrl(both.issuer, challenge)),
      signInOnPages(second, authorizationUrl(both.issuer, challenge, { client_id: 'client' })),
    ]);
    expect((await authorizationsOf()).flat().sort()).to.deep.equal(['client', 'spa']);
    for (const tab of [first, second]) expect(await isSignedIn(both.b, tab)).to.equal(true);
  });

  it('gives the browser a new id at the sign-in, which makes a planted one useless', async () => {
    const attacker = await anonymous();
    const planted = sessionCookie(attacker);
    const victim = copyOf(attacker);
    await signInOnPages(victim, authorizationUrl(both.issuer, pkce().challenge));
    expect(sessionCookie(victim)).to.not.equal(planted);
    expect(await isSignedIn(both.issuer, victim)).to.equal(true);
    for (const url of [both.a, both.b]) expect(await isSignedIn(url, attacker)).to.equal(false);
  });

  it('is over everywhere after the logout', async () => {
    const agent = new BrowserAgent();
    await newCode(both.issuer, agent);
    const copy = copyOf(agent);
    expect(await isSignedIn(both.b, copy)).to.equal(true);

    const page = await (await agent.follow(`${both.issuer}/oauth/logout`)).text();
    const ended = await agent.submit('/oauth/logout/confirm', { logout: 'yes' }, page);
    expect(ended.status).to.equal(200);
    for (const url of [both.a, both.b]) expect(await isSignedIn(url, copy)).to.equal(false);
    expect(await isSignedIn(both.issuer, agent)).to.equal(false);
  });
});
