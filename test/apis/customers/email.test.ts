import { expect } from 'chai';
import { randomHex } from '../../../src/lib/ids.ts';
import { moveClock } from '../../support/clock.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { type Answer, customersClient, violationsOf } from './customers-client.ts';
import { linkTo, messagesTo, openLink, pressOn } from './mails.ts';

const DAY = 86_400;

describe('Customers API: e-mail', () => {
  let server: TestServer;
  let api: ReturnType<typeof customersClient>;
  let known: Awaited<ReturnType<typeof api.customer>>;
  let fresh: string;

  before(async () => {
    server = await testServer();
    api = customersClient(server);
  });
  beforeEach(async () => {
    known = await api.customer();
    fresh = `${randomHex(64)}@example.com`;
  });

  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    api.post(path, body, { ...known.bearer, ...headers });
  const update = (email = fresh): Promise<Answer> =>
    post('/update-email', { email, password: known.password });
  const signsIn = async (email: string): Promise<boolean> =>
    (await api.signIn(email, known.password)).status === 200;
  const shown = async (): Promise<string | null> => {
    const { mobile, password } = known;
    const { body: tokens } = await api.signIn(mobile, password);
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    return (await api.call('GET', '/customers', { headers })).body.email;
  };
  const link = (to: string, path: string): Promise<string> => linkTo(server, to, path);

  async function changeTo(email: string): Promise<void> {
    expect((await update(email)).status).to.equal(200);
    expect((await pressOn(await link(email, '/confirm-email'))).status).to.equal(200);
  }

  describe('POST /pre-update-email', () => {
    it('looks, and changes and mails nothing', async () => {
      const answer = await post('/pre-update-email', { email: fresh, password: known.password });
      expect(answer).to.include({ status: 200, body: '' });
      expect(await messagesTo(server, fresh)).to.deep.equal([]);
      expect(await shown()).to.equal(known.email);
    });

    it('takes JSON that says that it is a form, as curl sends it', async () => {
      const answer = await api.call('POST', '/pre-update-email/', {
        body: ` \n{"email": "${fresh}", "password": "${known.password}"}`,
        headers: { ...known.bearer, 'content-type': 'application/x-www-form-urlencoded' },
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
          const answer = await post(path, { email: fresh, password: 'wrong-password' });
          expect(answer.status).to.equal(400);
          expect(violationsOf(answer)).to.deep.equal({ [`${operation}.password`]: 'PWD-10080' });
        }
        const answer = await post(path, { email: fresh, password: known.password });
        expect(answer.status).to.equal(429);
        expect(answer.headers.get('retry-after')).to.match(/^\d+$/);
        expect(await messagesTo(server, fresh)).to.deep.equal([]);
      });

      it('are for an address that another account has proved', async () => {
        const { email: taken } = await verified();
        const answer = await post(path, { email: taken.toUpperCase(), password: known.password });
        expect(answer.status).to.equal(409);
        expect(violationsOf(answer)).to.deep.equal({ [`${operation}.email`]: 'DUP-10060' });
      });

      it('name everything that is wrong with the form, in the language that is asked for', async () => {
        expect(violationsOf(await post(path, {}))).to.deep.equal({
          [`${operation}.email`]: 'REQ-10060',
          [`${operation}.password`]: 'REQ-10080',
        });
        const wrong = { email: 'A <a@example.com>', password: 1 };
        const answer = await post(path, wrong, { 'accept-language': 'en' });
        expect(answer.status).to.equal(400);
        expect(violationsOf(answer)).to.deep.equal({
          [`${operation}.email`]: 'FMT-10060',
          [`${operation}.password`]: 'FMT-10080',
        });
        for (const { message } of answer.body.violations) expect(message).to.match(/^[ -~]+$/);
        for (const { message } of (await post(path, wrong)).body.violations)
          expect(message).to.match(/[ก-๙]/);
        const long = `${'a'.repeat(90)}@example.com`;
        const tooLong = await post(path, { email: long, password: known.password });
        expect(violationsOf(tooLong)).to.deep.equal({ [`${operation}.email`]: 'SIZ-10060' });
      });
    });
  }

  /** An account whose address its link has proved. */
  async function verified() {
    const other = await api.customer();
    await pressOn(await link(other.email, '/verify-email'));
    return other;
  }

  describe('POST /update-email', () => {
    it('mails a link to the new address and a notice to the old one, and changes nothing yet', async () => {
      expect(await update()).to.include({ status: 200, body: '' });
      expect(await link(fresh, '/confirm-email')).to.include(`${server.url}/confirm-email?identifier=`);
      const [notice] = await messagesTo(server, known.email);
      expect(notice?.text).to.include(fresh).and.include(`${server.url}/undo-email?`);
      expect(await shown()).to.equal(known.email);
      expect(await signsIn(fresh)).to.equal(false);
    });

    it('changes nothing when a mail scanner opens the link, however often', async () => {
      await update();
      const confirm = await link(fresh, '/confirm-email');
      const headers = { 'user-agent': 'Mozilla/5.0 (compatible; LinkScanner/1.0)' };
      for (const method of ['GET', 'HEAD', 'GET']) {
        const answer = await fetch(confirm, { method, headers });
        expect(answer.status).to.equal(200);
        expect(answer.headers.get('referrer-policy')).to.equal('no-referrer');
      }
      expect(await shown()).to.equal(known.email);
      const bare = await fetch(confirm, { method: 'POST', redirect: 'manual' });
      expect(bare.status).to.be.oneOf([400, 403, 415]);
      expect(await shown()).to.equal(known.email);
    });

    it('changes the address when the button of the page is pressed', async () => {
      await changeTo(fresh);
      expect(await shown()).to.equal(fresh);
      expect(await signsIn(fresh)).to.equal(true);
      expect(await signsIn(known.email)).to.equal(false);
      const { status } = await api.call('GET', '/customers', { headers: known.bearer });
      expect(status, 'confirming kills nothing').to.equal(200);
    });

    it('works once, for an hour, and only the newest link', async () => {
      await update();
      const first = await link(fresh, '/confirm-email');
      await update();
      expect((await pressOn(first)).status).to.equal(400);
      const second = await link(fresh, '/confirm-email');
      expect((await pressOn(second)).status).to.equal(200);
      expect((await fetch(second)).status).to.equal(400);
      await update(`late-${fresh}`);
      await moveClock(server.database, 3601);
      expect((await fetch(await link(`late-${fresh}`, '/confirm-email'))).status).to.equal(400);
    });

    it('is changed by one of two tabs that press the button', async () => {
      await update();
      const confirm = await link(fresh, '/confirm-email');
      const tabs = await Promise.all([openLink(confirm), openLink(confirm)]);
      const answers = await Promise.all(tabs.map(({ press }) => press()));
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 400]);
    });

    it('gives an address that somebody else proved meanwhile to nobody: 409', async () => {
      await update();
      const rival = await api.customer({ email: fresh });
      await pressOn(await link(fresh, '/verify-email'));
      const confirm = (await messagesTo(server, fresh))
        .flatMap(({ text }) => text.match(/https?:\/\/\S+confirm-email\S+/g) ?? [])
        .at(0);
      expect((await pressOn(confirm ?? '')).status).to.equal(409);
      expect(await shown()).to.equal(known.email);
      expect((await api.signIn(fresh, rival.password)).status).to.equal(200);
    });

    it('is over when the password changes', async () => {
      await update();
      await post('/update-password', { oldPassword: known.password, newPassword: 'staple-gun-orchestra' });
      expect((await pressOn(await link(fresh, '/confirm-email'))).status).to.equal(400);
    });
  });

  describe('undoing a change', () => {
    it('brings the old address back within seven days, and kills what the account gave out', async () => {
      await changeTo(fresh);
      await moveClock(server.database, 7 * DAY - 60);
      const { body: late } = await api.signIn(known.mobile, known.password);
      expect((await pressOn(await link(known.email, '/undo-email'))).status).to.equal(200);
      const headers = { authorization: `Bearer ${late.access_token}` };
      expect((await api.call('GET', '/customers', { headers })).status).to.equal(401);
      expect((await api.refresh(late.refresh_token)).status).to.equal(400);
      expect(await shown()).to.equal(known.email);
      expect(await signsIn(known.email)).to.equal(true);
      expect(await signsIn(fresh)).to.equal(false);
    });

    it('works once', async () => {
      await changeTo(fresh);
      const undo = await link(known.email, '/undo-email');
      expect((await pressOn(undo)).status).to.equal(200);
      expect((await pressOn(undo)).status).to.equal(400);
    });

    it('does not work after seven days', async () => {
      await changeTo(fresh);
      const undo = await link(known.email, '/undo-email');
      await moveClock(server.database, 7 * DAY + 60);
      expect((await pressOn(undo)).status).to.equal(400);
      expect(await shown()).to.equal(fresh);
    });

    it('ends a change that was not confirmed yet', async () => {
      await update();
      await pressOn(await link(known.email, '/undo-email'));
      expect((await pressOn(await link(fresh, '/confirm-email'))).status).to.equal(400);
      expect(await shown()).to.equal(known.email);
    });

    it('leaves the first owner’s link alive when a later one is used', async () => {
      await changeTo(fresh);
      const owners = await link(known.email, '/undo-email');
      await changeTo(`second-${fresh}`);
      expect((await pressOn(await link(fresh, '/undo-email'))).status).to.equal(200);
      expect(await shown()).to.equal(fresh);
      expect((await pressOn(owners)).status).to.equal(200);
      expect(await shown()).to.equal(known.email);
    });

    it('is still the first owner’s after whoever changed it has changed it again, and then nobody else’s', async () => {
      await changeTo(fresh);
      const owners = await link(known.email, '/undo-email');
      await changeTo(`second-${fresh}`);
      const strangers = await link(fresh, '/undo-email');
      expect((await pressOn(owners)).status).to.equal(200);
      expect(await shown()).to.equal(known.email);
      expect((await pressOn(strangers)).status).to.equal(400);
      expect(await shown()).to.equal(known.email);
    });
  });

  describe('the link of the registration', () => {
    it('proves the address, and takes it off everybody who only listed it', async () => {
      const other = await api.customer({ email: known.email });
      // the newest link is that of the account that listed it last
      expect((await pressOn(await link(known.email, '/verify-email'))).status).to.equal(200);
      expect(await shown()).to.equal(null);
      const { body } = await api.call('GET', '/customers', { headers: other.bearer });
      expect(body.email).to.equal(known.email);
      const { body: tokens } = await api.signIn(known.email, other.password);
      const { body: holder } = await api.call('GET', '/customers', {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
      expect(holder.id).to.equal(other.id);
    });

    it('takes the address off with "this was not me", and signs nobody in by it', async () => {
      expect((await pressOn(await link(known.email, '/verify-email'), { disown: 'yes' })).status).to.equal(
        200,
      );
      expect(await shown()).to.equal(null);
      expect(await signsIn(known.email)).to.equal(false);
    });

    it('kills no token and works once', async () => {
      const verify = await link(known.email, '/verify-email');
      expect((await pressOn(verify)).status).to.equal(200);
      expect((await api.call('GET', '/customers', { headers: known.bearer })).status).to.equal(200);
      expect((await pressOn(verify)).status).to.equal(400);
    });
  });
});
