import { expect } from 'chai';
import { moveClock } from '../../support/clock.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { SOMCHAI } from '../../support/sign-in.ts';
import { type Begun, begin, newClient, post, uidOf } from '../interaction-steps.ts';
import { headingOf, visitor } from '../visitor.ts';

const ORIGINAL_URL = /<a class="button primary" href="(\/oauth\/authorize\?[^"]+)">/;

describe('going back to a step of a sign-in that is over', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.stop());

  /** Signs in at a client without any consent. Arrives at the consent page, with the login page behind it. */
  async function atConsent(more: Record<string, string> = {}): Promise<Begun & { back: string }> {
    const { id } = await newClient(server);
    const begun = await begin(server, { client_id: id, ...more });
    const signedIn = await post(begun, 'login', SOMCHAI);
    const page = await (await begun.agent.follow(signedIn.headers.get('location') ?? '')).text();
    return { agent: begun.agent, page, uid: uidOf(page), back: `/interaction/${begun.uid}` };
  }

  it('leads to the step that is open, whichever page of the old one it is', async () => {
    const { agent, uid, back } = await atConsent();
    for (const path of [back, `${back}/login`, `${back}/sms`, `${back}/register/details`]) {
      const answer = await agent.request(server.url + path);
      expect([answer.status, answer.headers.get('location')]).to.deep.equal([303, `/interaction/${uid}`]);
    }
    expect(await (await agent.request(`${server.url}/interaction/${uid}`)).text()).to.include(
      'class="grants"',
    );
  });

  it('does nothing with a form that is sent from there, and links to the step that is open', async () => {
    const consent = await atConsent({ ui_locales: 'en' });
    const stale = await post({ ...consent, uid: consent.back.split('/')[2] ?? '' }, 'login', SOMCHAI);
    expect(stale.status).to.equal(400);
    const page = await stale.text();
    expect(page)
      .to.include('<html lang="en">')
      .and.include(`href="/interaction/${consent.uid}">Continue</a>`);
  });

  it('explains, in the language of the request, when all of it is over, and begins the request again', async () => {
    const consent = await atConsent({ ui_locales: 'en', state: 'kept' });
    await consent.agent.follow((await post(consent, 'consent')).headers.get('location') ?? '');
    const answer = await consent.agent.follow(server.url + consent.back);
    expect([answer.status, new URL(consent.agent.location).pathname]).to.deep.equal([
      400,
      `/interaction/${consent.uid}`,
    ]);
    const page = await answer.text();
    expect(page).to.include('<html lang="en">').and.include('Please start again');
    const originalUrl = ORIGINAL_URL.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const again = await consent.agent.follow(server.url + originalUrl);
    expect(again.headers.get('location')).to.include('state=kept').and.include('code=');
  });

  it('begins the right one of several requests again, after a quarter of an hour too', async () => {
    const person = visitor(server);
    const [first, second] = [await person.begin({ state: 'first' }), await person.begin({ state: 'second' })];
    await moveClock(server.database, 1000);
    for (const [path, state] of [
      [first, 'first'],
      [second, 'second'],
    ] as const) {
      const answer = await person.open(`${path}/login`);
      expect(headingOf(answer)).to.equal('Please start again');
      expect(ORIGINAL_URL.exec(answer.page)?.[1]).to.include(`state=${state}`);
    }
  });

  it('tells no other browser of it', async () => {
    const { agent, back } = await atConsent();
    const thief = visitor(server);
    await thief.open('/register');
    thief.agent.setCookie('sign_ins', agent.cookies.get('sign_ins')?.value ?? '', '/interaction');
    const answer = await thief.open(back);
    expect(answer.status).to.equal(400);
    expect(answer.page).to.include('href="/account"').and.not.match(ORIGINAL_URL);
  });

  it('keeps its cookie short, however many requests there were', async () => {
    const person = visitor(server);
    for (const letter of 'abc') await person.begin({ state: letter.repeat(700) });
    expect(person.agent.cookies.get('sign_ins')?.value).to.have.length.below(3000);
    expect(person.agent.cookies.get('sign_ins')?.path).to.equal('/interaction');
  });
});
