import { expect } from 'chai';
import { moveClock } from '../../support/clock.ts';
import { startServer, type TestServer, testServer } from '../../support/server.ts';
import { customersClient, violationsOf } from './customers-client.ts';
import { emailSteps } from './email-steps.ts';
import { messagesTo, openLink, pressOn } from './mails.ts';

describe('Customers API: e-mail', () => {
  let server: TestServer;
  let the: Awaited<ReturnType<typeof emailSteps>>;

  before(async () => {
    server = await testServer();
  });
  beforeEach(async () => {
    the = await emailSteps(server);
  });

  describe('POST /pre-update-email', () => {
    it('looks, and changes and mails nothing', async () => {
      const answer = await the.post('/pre-update-email', { email: the.fresh, password: the.known.password });
      expect(answer).to.include({ status: 200, body: '' });
      expect(await messagesTo(server, the.fresh)).to.deep.equal([]);
      expect(await the.shown()).to.equal(the.known.email);
    });

    it('takes JSON that says that it is a form, as curl sends it', async () => {
      const answer = await the.api.call('POST', '/pre-update-email/', {
        body: ` \n{"email": "${the.fresh}", "password": "${the.known.password}"}`,
        headers: { ...the.known.bearer, 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(answer).to.include({ status: 200, body: '' });
    });
  });

  for (const [operation, path] of [
    ['preUpdateEmail', '/pre-update-email'],
    ['updateEmail', '/update-email'],
  ] as const) {
    describe(`refusals of POST ${path}`, () => {
      it('are for a wrong password, which is counted', async () => {
        for (let tries = 0; tries < 10; tries += 1) {
          const answer = await the.post(path, { email: the.fresh, password: 'wrong-password' });
          expect(answer.status).to.equal(400);
          expect(violationsOf(answer)).to.deep.equal({ [`${operation}.password`]: 'PWD-10080' });
        }
        const answer = await the.post(path, { email: the.fresh, password: the.known.password });
        expect(answer.status).to.equal(429);
        expect(answer.headers.get('retry-after')).to.match(/^\d+$/);
        expect(await messagesTo(server, the.fresh)).to.deep.equal([]);
      });

      it('are for an address that another account has proved', async () => {
        const { email: taken } = await verified();
        const answer = await the.post(path, { email: taken.toUpperCase(), password: the.known.password });
        expect(answer.status).to.equal(409);
        expect(violationsOf(answer)).to.deep.equal({ [`${operation}.email`]: 'DUP-10060' });
      });

      it('name who has proved an address twenty times an hour to a caller’s address', async () => {
        const { email: taken } = await verified();
        const own = await startServer({ server: { trustProxy: 1 } });
        const caller = { 'x-forwarded-for': path === '/update-email' ? '203.0.113.98' : '203.0.113.99' };
        const ask = (email = taken) =>
          customersClient(own).post(
            path,
            { email, password: the.known.password },
            { ...the.known.bearer, ...caller },
          );
        for (let time = 0; time < 20; time += 1) expect((await ask()).status).to.equal(409);
        expect((await ask()).status).to.equal(429);
        // also for a free address, which could be distinguished from taken ones otherwise
        expect((await ask(the.fresh)).status).to.equal(429);
        await moveClock(server.database, 3601);
        expect((await ask()).status).to.equal(409);
        await own.stop();
      });

      it('name everything that is wrong with the form, in the language that is requested', async () => {
        expect(violationsOf(await the.post(path, {}))).to.deep.equal({
          [`${operation}.email`]: 'REQ-10060',
          [`${operation}.password`]: 'REQ-10080',
        });
        const wrong = { email: 'A <a@example.com>', password: 1 };
        const answer = await the.post(path, wrong, { 'accept-language': 'en' });
        expect(answer.status).to.equal(400);
        expect(violationsOf(answer)).to.deep.equal({
          [`${operation}.email`]: 'FMT-10060',
          [`${operation}.password`]: 'FMT-10080',
        });
        for (const { message } of answer.body.violations) expect(message).to.match(/^[ -~]+$/);
        for (const { message } of (await the.post(path, wrong)).body.violations)
          expect(message).to.match(/[ก-๙]/);
        const long = `${'a'.repeat(90)}@example.com`;
        const tooLong = await the.post(path, { email: long, password: the.known.password });
        expect(violationsOf(tooLong)).to.deep.equal({ [`${operation}.email`]: 'SIZ-10060' });
      });
    });
  }

  /** An account whose address was verified by its link. */
  async function verified() {
    const other = await the.api.customer();
    await pressOn(await the.link(other.email, '/verify-email'));
    return other;
  }

  describe('POST /update-email', () => {
    it('mails a link to the new address and a notice to the old one, and changes nothing yet', async () => {
      expect(await the.update()).to.include({ status: 200, body: '' });
      expect(await the.link(the.fresh, '/confirm-email')).to.include(
        `${server.url}/confirm-email?identifier=`,
      );
      const [notice] = await messagesTo(server, the.known.email);
      expect(notice?.text).to.include(the.fresh).and.include(`${server.url}/undo-email?`);
      expect(await the.shown()).to.equal(the.known.email);
      expect(await the.signsIn(the.fresh)).to.equal(false);
    });

    it('changes nothing when a mail scanner opens the link, however often', async () => {
      await the.update();
      const confirm = await the.link(the.fresh, '/confirm-email');
      const headers = { 'user-agent': 'Mozilla/5.0 (compatible; LinkScanner/1.0)' };
      for (const method of ['GET', 'HEAD', 'GET']) {
        const answer = await fetch(confirm, { method, headers });
        expect(answer.status).to.equal(200);
        expect(answer.headers.get('referrer-policy')).to.equal('no-referrer');
      }
      expect(await the.shown()).to.equal(the.known.email);
      const bare = await fetch(confirm, { method: 'POST', redirect: 'manual' });
      expect(bare.status).to.be.oneOf([400, 403, 415]);
      expect(await the.shown()).to.equal(the.known.email);
    });

    it('changes the address when the button of the page is pressed', async () => {
      await the.changeTo(the.fresh);
      expect(await the.shown()).to.equal(the.fresh);
      expect(await the.signsIn(the.fresh)).to.equal(true);
      expect(await the.signsIn(the.known.email)).to.equal(false);
      const { status } = await the.api.call('GET', '/customers', { headers: the.known.bearer });
      expect(status, 'confirming kills nothing').to.equal(200);
    });

    it('works once, for an hour, and only the newest link', async () => {
      await the.update();
      const first = await the.link(the.fresh, '/confirm-email');
      await the.update();
      expect((await pressOn(first)).status).to.equal(400);
      const second = await the.link(the.fresh, '/confirm-email');
      expect((await pressOn(second)).status).to.equal(200);
      expect((await fetch(second)).status).to.equal(400);
      await the.update(`late-${the.fresh}`);
      await moveClock(server.database, 3601);
      expect((await fetch(await the.link(`late-${the.fresh}`, '/confirm-email'))).status).to.equal(400);
    });

    it('is changed by one of two tabs that press the button', async () => {
      await the.update();
      const confirm = await the.link(the.fresh, '/confirm-email');
      const tabs = await Promise.all([openLink(confirm), openLink(confirm)]);
      const answers = await Promise.all(tabs.map(({ press }) => press()));
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 400]);
    });

    it('gives an address that another account proved in the meantime to nobody else: 409', async () => {
      await the.update();
      const rival = await the.api.customer({ email: the.fresh });
      await pressOn(await the.link(the.fresh, '/verify-email'));
      const confirm = (await messagesTo(server, the.fresh))
        .flatMap(({ text }) => text.match(/https?:\/\/\S+confirm-email\S+/g) ?? [])
        .at(0);
      expect((await pressOn(confirm ?? '')).status).to.equal(409);
      expect(await the.shown()).to.equal(the.known.email);
      expect((await the.api.signIn(the.fresh, rival.password)).status).to.equal(200);
    });

    it('keeps the link that came last when the address has had its mails of the hour', async () => {
      for (let time = 0; time < 4; time += 1) expect((await the.update()).status).to.equal(200);
      const sent = (await messagesTo(server, the.fresh)).filter(({ text }) =>
        text.includes('/confirm-email'),
      );
      // the third mail of the hour is reserved for another network
      expect(sent).to.have.length(2);
      expect((await pressOn(await the.link(the.fresh, '/confirm-email'))).status).to.equal(200);
      expect(await the.shown()).to.equal(the.fresh);
    });

    it('tells the old address even when it was flooded with other mails', async () => {
      const { domain } = server;
      for (let mail = 0; mail < 12; mail += 1)
        await domain.outbox.add({
          channel: 'mail',
          kind: mail % 2 ? 'verify-email' : 'confirm-email',
          to: the.known.email,
          locale: 'en',
          values: { identifier: 'i', key: 'k', link: 'https://example.com' },
          lifetimeSeconds: 60,
        });
      await the.update();
      expect(await the.link(the.known.email, '/undo-email')).to.include('/undo-email?');
    });

    it('is over when the password changes', async () => {
      await the.update();
      await the.post('/update-password', {
        oldPassword: the.known.password,
        newPassword: 'staple-gun-orchestra',
      });
      expect((await pressOn(await the.link(the.fresh, '/confirm-email'))).status).to.equal(400);
    });
  });

  describe('the link of the registration', () => {
    beforeEach(async () => {
      the = await emailSteps(server, { verified: false });
    });

    it('proves the address, and takes it off everybody who only listed it', async () => {
      const other = await the.api.customer({ email: the.known.email });
      // the newest link is that of the account that listed the address last
      expect((await pressOn(await the.link(the.known.email, '/verify-email'))).status).to.equal(200);
      expect(await the.shown()).to.equal(null);
      const { body } = await the.api.call('GET', '/customers', { headers: other.bearer });
      expect(body.email).to.equal(the.known.email);
      const { body: tokens } = await the.api.signIn(the.known.email, other.password);
      const { body: holder } = await the.api.call('GET', '/customers', {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
      expect(holder.id).to.equal(other.id);
    });

    it('takes the address off with "this was not me", and signs nobody in by it', async () => {
      expect(
        (await pressOn(await the.link(the.known.email, '/verify-email'), { disown: 'yes' })).status,
      ).to.equal(200);
      expect(await the.shown()).to.equal(null);
      expect(await the.signsIn(the.known.email)).to.equal(false);
    });

    it('kills no token and works once', async () => {
      const verify = await the.link(the.known.email, '/verify-email');
      expect((await pressOn(verify)).status).to.equal(200);
      expect((await the.api.call('GET', '/customers', { headers: the.known.bearer })).status).to.equal(200);
      expect((await pressOn(verify)).status).to.equal(400);
    });
  });
});
