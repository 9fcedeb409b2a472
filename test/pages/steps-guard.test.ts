import { expect } from 'chai';
import { newMobile } from '../apis/customers/customers-client.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { moveClock } from '../support/clock.ts';
import { hasPassword } from '../support/has-password.ts';
import type { TestServer } from '../support/server.ts';
import { silently } from './interaction-steps.ts';
import { complete, holder, newPerson, PASSWORD, stepServer, verifyMobile } from './step-server.ts';
import { headingOf, visitor } from './visitor.ts';

const NEXT = 'another-horse-battery';

describe('the steps that verify a mobile', () => {
  let server: TestServer;
  before(async () => {
    server = await stepServer();
  });
  after(() => server.stop());

  const STEPS: [path: string, fields: Record<string, string>, last: string][] = [
    ['/register', newPerson(), 'details'],
    ['/forgot-password', { password: NEXT }, 'password'],
  ];

  for (const [path, fields, last] of STEPS) {
    it(`of ${path} cannot be skipped`, async () => {
      const person = visitor(server);
      await person.open(path);
      for (const step of ['code', 'again']) {
        expect((await person.send(`${path}/${step}`, { code: '123456' })).location).to.equal(path);
      }
      expect((await person.open(`${path}/${last}`)).location).to.equal(`${path}/code`);
      expect((await person.send(`${path}/${last}`, fields)).location).to.equal(`${path}/code`);
      expect((await person.open(`${path}/code`)).location).to.equal(path);
    });

    it(`of ${path} take no mobile and no code from a form`, async () => {
      const { mobile } = await holder(server);
      const person = visitor(server);
      await person.open(path);
      await person.send(path, { [path === '/register' ? 'mobile' : 'login']: newMobile() });
      const forged = { ...fields, mobile, login: mobile, code: '123456', proof: 'x', step: last };
      expect((await person.send(`${path}/${last}`, forged)).location).to.equal(`${path}/code`);
      expect(
        await hasPassword(
          server.database,
          (await server.domain.contacts.holder('mobile', mobile.replace(/^0/, '+66'))) ?? 0,
          PASSWORD,
        ),
      ).to.equal(true);
    });

    it(`of ${path} are useless in another browser`, async () => {
      const mobile = path === '/register' ? newMobile() : (await holder(server)).mobile;
      const person = visitor(server);
      const { location } = await verifyMobile(person, path, mobile);
      const thief = visitor(server);
      await thief.open(path);
      const proof = person.agent.cookies.get('proof')?.value ?? '';
      expect(proof).to.match(/^[\w-]{50,}$/);
      thief.agent.setCookie('proof', proof, path);
      expect((await thief.open(location)).location).to.equal(`${path}/code`);
      expect((await thief.send(location, fields)).location).to.equal(`${path}/code`);
    });

    it(`of ${path} are over when they are done`, async () => {
      const mobile = path === '/register' ? newMobile() : (await holder(server)).mobile;
      const person = visitor(server);
      const { location } = await verifyMobile(person, path, mobile);
      const proof = person.agent.cookies.get('proof')?.value ?? '';
      await person.open(location);
      expect(
        (await complete(person, location, { ...fields, thaiId: newPerson().thaiId ?? '' })).location,
      ).to.equal(`${path}/done`);
      expect((await person.open(location)).location).to.equal(`${path}/code`);
      // a copy of the browser's cookie, more than a minute later
      await moveClock(server.database, 61);
      person.agent.setCookie('proof', proof, path);
      const again = await complete(person, location, {
        ...fields,
        thaiId: newPerson().thaiId ?? '',
        password: PASSWORD,
      });
      expect(again.status).to.equal(400);
      expect(headingOf(again)).to.equal('Enter the code');
    });

    it(`of ${path} take forms of our own pages only`, async () => {
      const person = visitor(server);
      await person.open(path);
      for (const [step, more] of [
        [path, { csrf: '' }],
        [`${path}/code`, { csrf: 'x'.repeat(43) }],
      ] as const) {
        const field = path === '/register' ? 'mobile' : 'login';
        const answer = await person.send(step, { [field]: newMobile(), ...more });
        expect(answer.status).to.be.oneOf([303, 403]);
        expect(answer.location).to.be.oneOf(['', path]);
      }
      const elsewhere = await person.agent.request(server.url + path, {
        method: 'POST',
        body: new URLSearchParams({ mobile: newMobile() }),
        headers: { 'sec-fetch-site': 'cross-site' },
      });
      expect(elsewhere.status).to.equal(403);
    });
  }

  it('refuse a browser that got no form', async () => {
    const answer = await new BrowserAgent().request(`${server.url}/register`, {
      method: 'POST',
      body: new URLSearchParams({ mobile: newMobile() }),
    });
    expect(answer.status).to.equal(403);
  });

  it('lead to where the person is due once the sign-in has an account', async () => {
    const person = visitor(server);
    const { mobile } = await holder(server);
    const { location } = await verifyMobile(person, `${await person.begin()}/sms`, mobile);
    const consent =
      /action="(\/interaction\/[\w-]+)\/consent"/.exec((await person.follow(location)).page)?.[1] ?? '';
    expect(consent).to.match(/\S/);
    for (const step of ['sms', 'register', 'forgot-password', 'login'])
      expect((await person.open(`${consent}/${step}`)).location).to.equal(consent);
  });

  it('of another browser’s sign-in are not accepted', async () => {
    const at = await visitor(server).begin();
    const other = visitor(server);
    for (const step of ['sms', 'register', 'forgot-password', 'login']) {
      const answer = await other.open(`${at}/${step}`);
      expect(answer.status).to.equal(400);
      expect(headingOf(answer)).to.equal('Please start again');
    }
    expect(await silently(server, other.agent)).to.equal('login_required');
  });

  it('go on at the client although the sign-in is over, for anyone who has verified the mobile', async () => {
    const mobile = newMobile();
    const person = visitor(server);
    const at = await person.begin({ state: 'kept' });
    const { location } = await verifyMobile(person, `${at}/register`, mobile);
    await person.open(location);
    const cookie = [...person.agent.cookies.keys()].find((name) => name === 'interaction') ?? '';
    person.agent.setCookie(cookie, 'gone', at);
    expect((await person.open(location)).status).to.equal(200);
    const done = await complete(person, location, newPerson());
    expect(done.location).to.match(/^\/oauth\/authorize\?.*state=kept/);
    await person.follow(done.location);
    const again = done.location;
    expect(again).to.not.match(/code=/);
    expect(await silently(server, person.agent)).to.equal('login_required');
  });

  it('explain to everyone else how to start again', async () => {
    const person = visitor(server);
    const at = await person.begin({ state: 'kept' });
    await person.open(`${at}/sms`);
    await person.send(`${at}/sms`, { login: (await holder(server)).mobile });
    person.agent.setCookie('interaction', 'gone', at);
    const answer = await person.open(`${at}/sms/code`);
    expect(answer.status).to.equal(400);
    expect(headingOf(answer)).to.equal('Please start again');
    expect(answer.page).to.match(/<a class="button primary" href="\/oauth\/authorize\?[^"]*state=kept/);
  });
});
