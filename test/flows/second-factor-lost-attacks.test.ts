import { expect } from 'chai';
import { silently } from '../pages/interaction-steps.ts';
import { stepServer } from '../pages/step-server.ts';
import { visitor } from '../pages/visitor.ts';
import { resetClock } from '../support/clock.ts';
import type { TestServer } from '../support/server.ts';
import { LOST, type LostSteps, lostSteps } from './lost-steps.ts';

describe('attacks on the recovery of a lost second factor', () => {
  let server: TestServer;
  let steps: LostSteps;
  before(async () => {
    server = await stepServer();
    steps = lostSteps(server);
  });
  after(() => server.stop());
  afterEach(resetClock);

  describe('is not removed', () => {
    it('before the time, by whatever form', async () => {
      const someone = await steps.begun();
      await steps.later(71);
      const { person, at } = await steps.toLost(someone);
      for (const intent of ['finish', 'begin', ''])
        expect((await person.send(`${at}/${LOST}`, { intent, channel: 'sms' })).location).to.equal(
          `${at}/${LOST}`,
        );
      const code = await person.codeTo(someone.mobile);
      for (const intent of ['finish', 'begin'])
        expect((await person.send(`${at}/${LOST}/code?channel=sms`, { intent, code })).location).to.equal(
          `${at}/${LOST}`,
        );
      expect(await steps.isEnrolled(someone)).to.equal(true);
      expect(await silently(server, person.agent)).to.equal('login_required');
    });

    it('by a code that is wrong, of another purpose, of another contact or of another account', async () => {
      const someone = await steps.begun();
      const thief = await steps.owner();
      await steps.later(72);
      const { person, at } = await steps.toLost(someone);
      await person.send(`${at}/${LOST}`, { intent: 'finish', channel: 'email' });
      const theirs = await steps.toLost(thief);
      await theirs.person.send(`${theirs.at}/${LOST}`, { intent: 'begin', channel: 'email' });
      await theirs.person.send(`${theirs.at}/${LOST}`, { intent: 'begin', channel: 'sms' });
      await server.domain.codes.request({
        ...{ mobile: someone.mobile.replace(/^0/, '+66'), purpose: 'login', locale: 'en' },
        asker: { address: '192.0.2.5' },
      });
      const guesses: [string, string][] = [
        ['sms', await person.codeTo(someone.mobile)],
        ['sms', await person.codeTo(thief.mobile)],
        ['sms', await steps.mailedCode(someone)],
        ['sms', someone.app.code()],
        ['email', await steps.mailedCode(thief)],
        ['email', '123456'],
        ['email', ''],
        ['sms', ''],
      ];
      for (const [channel, code] of guesses) {
        await person.open(`${at}/${LOST}/code?channel=${channel}`);
        const answer = await person.send(`${at}/${LOST}/code?channel=${channel}`, {
          intent: 'finish',
          code,
        });
        expect(answer.status, `${channel} ${code}`).to.equal(400);
      }
      expect(await steps.isEnrolled(someone)).to.equal(true);
    });

    it('past ten wrong codes of an hour', async () => {
      const someone = await steps.begun();
      await steps.later(72);
      const { person, at } = await steps.toLost(someone);
      const path = `${at}/${LOST}/code?channel=email`;
      await person.send(`${at}/${LOST}`, { intent: 'finish', channel: 'email' });
      await person.open(path);
      const statuses: number[] = [];
      for (let guess = 0; guess < 11; guess += 1)
        statuses.push((await person.send(path, { intent: 'finish', code: '123456' })).status);
      expect(statuses).to.deep.equal([...Array(10).fill(400), 429]);
      const right = { intent: 'finish', code: await steps.mailedCode(someone) };
      expect((await person.send(path, right)).status).to.equal(429);
    });

    it("from another person's sign-in, or another browser", async () => {
      const someone = await steps.begun();
      await steps.later(72);
      const { at } = await steps.toLost(someone);
      const thief = await steps.owner();
      const theirs = await steps.toLost(thief);
      for (const path of [`${at}/${LOST}`, `${at}/${LOST}/code?channel=sms`]) {
        expect((await theirs.person.open(path)).status).to.equal(400);
        await theirs.person.open(`${theirs.at}/${LOST}`);
        expect((await theirs.person.send(path, { intent: 'finish', channel: 'sms' })).status).to.equal(400);
      }
      // the thief's own form affects the thief's own account only
      await theirs.person.open(`${theirs.at}/${LOST}`);
      await theirs.person.send(`${theirs.at}/${LOST}`, { intent: 'finish', channel: 'sms' });
      expect(await steps.isEnrolled(someone)).to.equal(true);
      expect(await steps.isEnrolled(thief)).to.equal(true);
    });

    it('by a form without its token, or from another site', async () => {
      const someone = await steps.begun();
      await steps.later(72);
      const { person, at } = await steps.toLost(someone);
      for (const [csrf, site] of [
        ['', 'same-origin'],
        ['token', 'same-origin'],
        [undefined, 'cross-site'],
      ] as const) {
        const { page } = await person.open(`${at}/${LOST}`);
        const token = csrf ?? /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
        for (const path of [LOST, `${LOST}/code?channel=sms`]) {
          const answer = await person.agent.request(`${server.url}${at}/${path}`, {
            method: 'POST',
            body: new URLSearchParams({ csrf: token, intent: 'finish', channel: 'sms', code: '123456' }),
            headers: { 'sec-fetch-site': site },
          });
          expect(answer.status).to.equal(403);
        }
      }
      expect(await steps.isEnrolled(someone)).to.equal(true);
    });

    it('without the first factor', async () => {
      const person = visitor(server);
      const at = await person.begin();
      expect((await person.open(`${at}/${LOST}`)).location).to.equal(at);
      await person.open(at);
      for (const path of [LOST, `${LOST}/code?channel=sms`])
        expect((await person.send(`${at}/${path}`, { intent: 'begin', channel: 'sms' })).location).to.equal(
          at,
        );
    });

    it('by anyone who has only the password', async () => {
      const someone = await steps.owner();
      const { person, at } = await steps.toLost(someone);
      for (const channel of ['', 'push', 'constructor']) {
        await person.send(`${at}/${LOST}`, { intent: 'begin', channel });
        await person.send(`${at}/${LOST}/code?channel=${channel}`, { intent: 'begin', code: '123456' });
      }
      expect(await steps.recoveryOf(someone)).to.equal(undefined);
    });
  });

  it('is removed once, of several browsers that finish at once', async () => {
    const someone = await steps.begun();
    await steps.later(72);
    const browsers = await Promise.all([1, 2, 3].map(() => steps.toLost(someone)));
    await browsers[0]?.person.send(`${browsers[0].at}/${LOST}`, { intent: 'finish', channel: 'sms' });
    const code = await visitor(server).codeTo(someone.mobile);
    const answers = await Promise.all(
      browsers.map(async ({ person, at }) => {
        const path = `${at}/${LOST}/code?channel=sms`;
        await person.open(path);
        return person.send(path, { intent: 'finish', code });
      }),
    );
    expect(await steps.isEnrolled(someone)).to.equal(false);
    const removed = await server.database
      .knex('audit')
      .where({ account_id: someone.id, event: 'second_factor.recovered' });
    expect(removed).to.have.length(1);
    expect(answers.filter(({ location }) => location.includes('/oauth/authorize/'))).to.have.length(1);
  });
});
