import { expect } from 'chai';
import { post } from '../pages/interaction-steps.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { moveClock } from '../support/clock.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { type SentSteps, sentSteps } from './sent-steps.ts';
import { firstParty, type TwoSteps, twoSteps } from './two-steps.ts';

describe('attacks on a second factor that is sent', () => {
  let server: TestServer;
  let flow: TwoSteps;
  let steps: SentSteps;
  before(async () => {
    server = await startServer();
    flow = twoSteps(server, await firstParty(server));
    steps = sentSteps(server, flow);
  });
  after(() => server.stop());

  it('a code of another browser is refused, although both are at the second step', async () => {
    const person = await steps.protectedBy('sms');
    const [mine, theirs] = [await flow.toSecond(person), await flow.toSecond(person)];
    const sent = await steps.sendCode(mine, 'sms');
    const code = await steps.newest(person, 'sms');
    // a code is on its way to its owner: another one must wait, so this browser does not get the page
    const waiting = await steps.sendCode(theirs, 'sms');
    expect(waiting).to.include({ status: 429, step: 'second-factor/sms/send' });
    const refused = await steps.enter(theirs, 'sms', code);
    expect(refused.status).to.equal(400);
    expect(await flow.silently(theirs.agent)).to.equal('login_required');
    expect((await steps.enter(sent, 'sms', code)).back?.searchParams.has('code')).to.equal(true);
  });

  it('a code of another account is refused, and one that was used', async () => {
    const [victim, thief] = [await steps.protectedBy('email'), await steps.protectedBy('email')];
    const agent = new BrowserAgent();
    await steps.sendCode(await flow.toSecond(thief), 'email');
    const code = await steps.newest(thief, 'email');
    const asked = await steps.sendCode(await flow.toSecond(victim, {}, agent), 'email');
    expect((await steps.enter(asked, 'email', code)).status).to.equal(400);
    expect(await flow.silently(agent)).to.equal('login_required');
    await moveClock(server.database, 61);
    const done = await steps.bySent(await flow.toSecond(thief), thief, 'email');
    expect(done.back?.searchParams.has('code')).to.equal(true);
    const used = await steps.newest(thief, 'email');
    await moveClock(server.database, 61);
    const again = await steps.sendCode(await flow.toSecond(thief), 'email');
    if (used !== (await steps.newest(thief, 'email')))
      expect((await steps.enter(again, 'email', used)).status).to.equal(400);
  });

  it('a code to sign in with is refused as a second factor', async () => {
    const person = await steps.protectedBy('sms');
    const asked = await steps.sendCode(await flow.toSecond(person), 'sms');
    await moveClock(server.database, 61);
    const other = await flow.start();
    await flow.send(other, 'sms', { login: person.mobile });
    expect((await steps.enter(asked, 'sms', await steps.newest(person, 'sms'))).status).to.equal(400);
  });

  it('two forms at once complete one sign-in, and send one message', async () => {
    const person = await steps.protectedBy('sms');
    const asked = await flow.toSecond(person);
    const before = await steps.countTo(person, 'sms');
    const sent = await Promise.all([1, 2, 3].map(() => post(asked, 'second-factor/sms/send', {})));
    expect(sent.map(({ status }) => status)).to.deep.equal([303, 303, 303]);
    expect(await steps.countTo(person, 'sms')).to.equal(before + 1);
  });

  it('what is not offered is neither sent nor checked', async () => {
    const person = await steps.protectedBy('email');
    const asked = await flow.toSecond(person);
    const before = await steps.countTo(person, 'sms');
    expect((await post(asked, 'second-factor/sms/send', {})).status).to.equal(303);
    expect(await steps.countTo(person, 'sms')).to.equal(before);
  });

  for (const [what, headers, csrf] of [
    ['without its token', { 'sec-fetch-site': 'same-origin' }, ''],
    ['from another site', { 'sec-fetch-site': 'cross-site' }, undefined],
  ] as const) {
    it(`nothing is sent ${what}`, async () => {
      const person = await steps.protectedBy('email');
      const asked = await flow.toSecond(person);
      const before = await steps.countTo(person, 'email');
      const fields: Record<string, string> = csrf === undefined ? {} : { csrf };
      expect((await post(asked, 'second-factor/email/send', fields, headers)).status).to.equal(403);
      expect(await steps.countTo(person, 'email')).to.equal(before);
    });
  }

  it('nothing is sent because a page is opened or loaded again', async () => {
    const person = await steps.protectedBy('email');
    const asked = await flow.toSecond(person);
    const before = await steps.countTo(person, 'email');
    for (const step of ['second-factor', 'second-factor/email', 'second-factor/sms', 'second-factor/new'])
      await asked.agent.follow(`${server.url}/interaction/${asked.uid}/${step}`);
    expect(await steps.countTo(person, 'email')).to.equal(before);
  });
});
