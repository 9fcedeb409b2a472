import { expect } from 'chai';
import { BrowserAgent } from '../support/browser-agent.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { SOMCHAI, signInOnPages } from '../support/sign-in.ts';
import { type Begun, begin, csrfOf, newClient, post, silently } from './interaction-steps.ts';

describe('the forms of a sign-in', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  async function expectRefused(begun: Begun, answer: Response): Promise<void> {
    expect(answer.status).to.equal(403);
    expect(await answer.text()).to.include('access_denied (403)');
    expect(await silently(server, begun.agent)).to.equal('login_required');
  }

  const ours = { 'sec-fetch-site': 'same-origin' };

  for (const [what, csrf] of Object.entries({ missing: '', wrong: 'x'.repeat(43) })) {
    it(`sign nobody in when the token is ${what}`, async () => {
      const begun = await begin(server);
      await expectRefused(begun, await post(begun, 'login', { ...SOMCHAI, csrf }, ours));
    });
  }

  it('sign nobody in with the token of another browser', async () => {
    const begun = await begin(server);
    const csrf = csrfOf((await begin(server)).page);
    await expectRefused(begun, await post(begun, 'login', { ...SOMCHAI, csrf }, ours));
  });

  const elsewhere: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'http://localhost:8080' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'null' },
  ];
  for (const headers of elsewhere) {
    it(`sign nobody in when sent with ${JSON.stringify(headers)}`, async () => {
      const begun = await begin(server);
      await expectRefused(begun, await post(begun, 'login', SOMCHAI, headers));
    });
  }

  it('are accepted from programs that do not state their origin', async () => {
    const begun = await begin(server);
    const answer = await post(begun, 'login', SOMCHAI, {});
    expect(answer.status).to.equal(303);
  });

  it('keep consent and refusal from being forged', async () => {
    const client = await newClient(server);
    const agent = new BrowserAgent();
    const begun = await begin(server, { client_id: client.id }, agent);
    const answer = await agent.follow((await post(begun, 'login', SOMCHAI)).headers.get('location') ?? '');
    const page = await answer.text();
    const consent = { agent, page, uid: /\/interaction\/([\w-]+)\//.exec(page)?.[1] ?? '' };
    expect((await post(consent, 'consent', { csrf: '' })).status).to.equal(403);
    expect((await post(consent, 'abort', {}, { 'sec-fetch-site': 'cross-site' })).status).to.equal(403);
    expect(await silently(server, agent, { client_id: client.id })).to.equal('consent_required');
    expect((await post(consent, 'consent')).status).to.equal(303);
  });

  it('sign no other browser in, although it knows the address', async () => {
    const begun = await begin(server);
    const other = await begin(server);
    const shown = await other.agent.request(`/interaction/${begun.uid}`);
    expect(shown.status).to.equal(400);
    expect(await shown.text()).to.include('กรุณาเริ่มใหม่อีกครั้ง');
    expect((await post({ ...other, uid: begun.uid }, 'login', SOMCHAI)).status).to.equal(400);
    expect(await silently(server, begun.agent)).to.equal('login_required');
    expect(await silently(server, other.agent)).to.equal('login_required');
  });

  it('replace a session that was planted before', async () => {
    const victim = new BrowserAgent();
    await victim.request(`${server.url}/device`);
    const planted = ['sid', 'sid.sig'].map((name) => [name, victim.cookies.get(name)?.value ?? ''] as const);
    expect(planted[0]?.[1]).to.match(/\S/);
    const attacker = new BrowserAgent();
    for (const [name, value] of planted) attacker.setCookie(name, value);

    const client = await newClient(server);
    const request = await begin(server, { client_id: client.id }, victim);
    await signInOnPages(victim, victim.location);
    expect(request.uid).to.match(/\S/);
    expect(victim.cookies.get('sid')?.value).to.not.equal(planted[0]?.[1]);
    expect(await silently(server, victim, { client_id: client.id })).to.equal('code');
    expect(await silently(server, attacker, { client_id: client.id })).to.equal('login_required');
  });
});
