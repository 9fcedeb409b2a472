import { expect } from 'chai';
import { person } from '../apis/admin/admin-client.ts';
import { type Begun, begin, csrfOf, uidOf } from '../pages/interaction-steps.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { forgetCounts } from '../support/forget-counts.ts';
import { type EnrolledApp, enrolApp, stepAt, totpCode } from '../support/totp.ts';
import { atBoth, type Processes, twoProcesses } from './processes.ts';

const AT_ONCE = 50;
const PASSWORD = 'violet-harbour-lantern';

describe('the second step of a sign-in, at two processes at the same time', () => {
  let both: Processes;
  let owner: { id: number; email: string };
  let app: EnrolledApp;

  before(async function () {
    this.timeout(60_000);
    both = await twoProcesses();
  });
  after(() => both.end());

  beforeEach(async () => {
    // all guesses come from one address, which has a limit of its own
    await forgetCounts(both.server.database);
    owner = await person(both.server);
    app = await enrolApp(both.server.domain, owner.id);
  });

  const sent = (url: string, { agent, uid, page }: Begun, step: string, fields: Record<string, string>) =>
    agent.request(`${url}/interaction/${uid}/${step}`, {
      method: 'POST',
      body: new URLSearchParams({ csrf: csrfOf(page), ...fields }),
      headers: { 'sec-fetch-site': 'same-origin' },
    });

  /** Opens the page that asks for the code in a new browser. */
  async function atSecondStep(url: string): Promise<Begun> {
    const begun = await begin({ url }, {}, new BrowserAgent());
    const answer = await sent(url, begun, 'login', { login: owner.email, password: PASSWORD });
    expect(answer.headers.get('location')).to.match(/\/second-factor$/);
    const page = await (await begun.agent.request(`${url}/interaction/${begun.uid}/second-factor`)).text();
    return { ...begun, uid: uidOf(page), page };
  }

  /** Whether a response to a code completes the sign-in. */
  const isSignedIn = (answer: Response): boolean =>
    answer.status === 303 && /\/oauth\/authorize\//.test(answer.headers.get('location') ?? '');

  it('begins at one and ends at the other', async () => {
    const asked = await atSecondStep(both.a);
    const answer = await sent(both.b, asked, 'second-factor', { code: app.code() });
    expect(isSignedIn(answer)).to.equal(true);
    const end = await asked.agent.request(
      both.b + new URL(answer.headers.get('location') ?? '', both.b).pathname,
    );
    // the consent for a third-party client
    expect(end.headers.get('location')).to.match(/\/interaction\//);
  });

  for (const [what, codeOf] of [
    ['a code of an app', () => app.code()],
    ['a recovery code', () => app.recoveryCodes[3] ?? ''],
  ] as const) {
    it(`takes ${what} once, from fifty browsers`, async () => {
      const asked = await atBoth(both, AT_ONCE, atSecondStep);
      const code = codeOf();
      const answers = await atBoth(both, AT_ONCE, (url, index) =>
        sent(url, asked[index] as Begun, 'second-factor', { code }),
      );
      expect(answers.filter(isSignedIn)).to.have.length(1);
      for (const answer of answers) if (!isSignedIn(answer)) expect(answer.status).to.be.oneOf([400, 429]);
    });

    it(`takes ${what} once, sent fifty times by one browser`, async () => {
      const asked = await atSecondStep(both.a);
      const code = codeOf();
      const answers = await atBoth(both, AT_ONCE, (url) => {
        const { agent, ...rest } = asked;
        const tab = new BrowserAgent();
        for (const [name, { value, path }] of agent.cookies) tab.setCookie(name, value, path);
        return sent(url, { ...rest, agent: tab }, 'second-factor', { code });
      });
      // a form that is sent again gets the first response: all of them belong to one use of the code
      expect(answers.filter(isSignedIn).length).to.be.at.least(1);
      const { data } = await both.server.domain.auditSearch.page(
        { accountId: owner.id, event: 'second_factor.succeeded' },
        { limit: 9 },
      );
      expect(data).to.have.length(1);
    });
  }

  it('refuses at one what the other has accepted, in the same time step', async () => {
    const [first, second] = [await atSecondStep(both.a), await atSecondStep(both.b)];
    const code = app.code();
    expect(isSignedIn(await sent(both.a, first, 'second-factor', { code }))).to.equal(true);
    expect((await sent(both.b, second, 'second-factor', { code })).status).to.equal(400);
    expect(isSignedIn(await sent(both.b, second, 'second-factor', { code: app.code(1) }))).to.equal(true);
  });

  it('counts wrong passwords, wrong codes and wrong recovery codes of both as one', async () => {
    const asked = await atSecondStep(both.a);
    const guesses = ['zzzzz-zzzzz', app.wrong(), app.recoveryCodes[0]?.replace(/.$/, 'z') ?? ''];
    for (let round = 0; round < 9; round += 1) {
      const url = round % 2 ? both.a : both.b;
      const answer = await sent(url, asked, 'second-factor', { code: `${guesses[round % 3]}` });
      expect(answer.status, `guess ${round}`).to.equal(400);
    }
    const wrong = await begin({ url: both.b }, {}, new BrowserAgent());
    const answer = await sent(both.b, wrong, 'login', { login: owner.email, password: 'not-this-one-7' });
    expect(answer.status).to.equal(400);
    for (const url of [both.a, both.b])
      for (const code of [app.code(), app.recoveryCodes[1] ?? ''])
        expect((await sent(url, asked, 'second-factor', { code })).status).to.equal(429);
    const right = await begin({ url: both.a }, {}, new BrowserAgent());
    const refused = await sent(both.a, right, 'login', { login: owner.email, password: PASSWORD });
    expect(refused.status).to.equal(429);
  });

  it('counts guesses at several apps as one', async () => {
    await both.server.domain.secondFactors.begin(owner.id, 'Tablet');
    const secret = (await both.server.domain.secondFactors.pending(owner.id)) ?? '';

    await both.server.domain.secondFactors.confirm(owner.id, totpCode(secret, stepAt() - 1), {
      address: '192.0.2.78',
    });
    const asked = await atSecondStep(both.a);
    for (let round = 0; round < 10; round += 1)
      expect(
        (await sent(round % 2 ? both.a : both.b, asked, 'second-factor', { code: app.wrong() })).status,
      ).to.equal(400);
    for (const code of [app.code(), totpCode(secret, stepAt())])
      expect((await sent(both.b, asked, 'second-factor', { code })).status).to.equal(429);
  });
});
