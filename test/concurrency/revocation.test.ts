import { expect } from 'chai';
import { BrowserAgent } from '../support/browser-agent.ts';
import { authorizationUrl, BASIC_CLIENT, pkce, signInOnPages, tokenRequest } from '../support/sign-in.ts';
import { type Processes, twoProcesses } from './processes.ts';
import { isActive, refreshKept, userinfoStatus } from './requests.ts';

const PASSWORD = 'tall-green-mountain-7';
const CALLBACK = 'http://localhost:8080/cb';

interface Person {
  id: number;
  agent: BrowserAgent;
  accessToken: string;
  refreshToken: string;
}

describe('what is taken away is gone at once, at two processes', () => {
  let both: Processes;
  let people = 0;

  before(async function () {
    this.timeout(60_000);
    both = await twoProcesses();
  });

  after(() => both.end());

  /** A person with a session in a browser and tokens of an app. */
  async function newPerson(): Promise<Person> {
    people += 1;
    const login = `person-${people}@example.com`;
    const { id } = await both.server.domain.lifecycle.create({
      password: PASSWORD,
      contacts: [{ kind: 'email', value: login, verified: true }],
    });
    const agent = new BrowserAgent();
    const person = { login, password: PASSWORD };
    const url = authorizationUrl(both.issuer, pkce().challenge, { client_id: 'client', scope: 'openid' });
    await signInOnPages(agent, url, person);
    const { body } = await tokenRequest(
      both.b,
      { grant_type: 'password', username: login, password: PASSWORD, scope: 'openid' },
      { authorization: BASIC_CLIENT },
    );
    return { id, agent, accessToken: body.access_token, refreshToken: body.refresh_token ?? '' };
  }

  async function livesAt(url: string, { agent, accessToken, refreshToken }: Person): Promise<boolean[]> {
    return Promise.all([
      userinfoStatus(url, accessToken).then((status) => status === 200),
      isActive(url, accessToken),
      isActive(url, refreshToken),
      refreshKept(url, refreshToken).then(({ status }) => status === 200),
      signsIn(url, agent),
    ]);
  }

  async function signsIn(url: string, agent: BrowserAgent): Promise<boolean> {
    const query = { client_id: 'client', scope: 'openid', prompt: 'none' };
    const answer = await agent.request(authorizationUrl(url, pkce().challenge, query));
    return new URL(answer.headers.get('location') ?? '').searchParams.has('code');
  }

  const ALL = [true, true, true, true, true];
  const NONE = [false, false, false, false, false];

  for (const [what, act] of [
    ['suspended', (id: number) => both.server.domain.lifecycle.suspend(id)],
    ['signed out everywhere', (id: number) => both.server.domain.lifecycle.signOutEverywhere(id)],
    ['deleted', (id: number) => both.server.domain.lifecycle.remove(id)],
  ] as const) {
    it(`everything of an account that is ${what}`, async () => {
      const person = await newPerson();
      for (const url of [both.a, both.b]) expect(await livesAt(url, person)).to.deep.equal(ALL);
      await act(person.id);
      for (const url of [both.a, both.b]) expect(await livesAt(url, person)).to.deep.equal(NONE);
    });
  }

  it('stays dead when the account is made active again', async () => {
    const person = await newPerson();
    await both.server.domain.lifecycle.suspend(person.id);
    await both.server.domain.lifecycle.activate(person.id);
    for (const url of [both.a, both.b]) expect(await livesAt(url, person)).to.deep.equal(NONE);
  });

  it('a refresh token that its client revoked at the other process', async () => {
    const { accessToken, refreshToken } = await newPerson();
    await fetch(`${both.a}/oauth/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: refreshToken }),
      headers: { authorization: BASIC_CLIENT },
    });
    expect((await refreshKept(both.b, refreshToken)).body.error).to.equal('invalid_grant');
    expect(await userinfoStatus(both.b, accessToken)).to.equal(401);
  });

  it('a client’s secret and the client itself', async () => {
    const { clients } = both.server.domain;
    await clients.create(
      {
        client_id: 'temporary',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [CALLBACK],
      },
      { secret: 'first-secret' },
    );
    const ask = async (url: string, secret: string): Promise<string> => {
      const { body } = await tokenRequest(url, {
        grant_type: 'client_credentials',
        client_id: 'temporary',
        client_secret: secret,
      });
      return body.error ?? 'ok';
    };
    const soon = async (secret: string, expected: string): Promise<void> => {
      const until = performance.now() + 10_000;
      while (performance.now() < until) {
        const said = await Promise.all([ask(both.a, secret), ask(both.b, secret)]);
        if (said.every((word) => word === expected)) return;
        await new Promise((resume) => setTimeout(resume, 50));
      }
      throw new Error(`the processes did not come to say ${expected}`);
    };
    await soon('first-secret', 'ok');
    const second = await clients.rotateSecret('temporary', 0);
    await soon('first-secret', 'invalid_client');
    await soon(second, 'ok');
    await clients.remove('temporary');
    await soon(second, 'invalid_client');
  });
});
