import { expect } from 'chai';
import { customersClient } from '../apis/customers/customers-client.ts';
import { selfServiceClient } from '../apis/self-service/self-service-client.ts';
import { newEmail, valueIn } from '../domain/recovery/recovery-steps.ts';
import { silently } from '../pages/interaction-steps.ts';
import { holder, PASSWORD, stepServer, verifyMobile } from '../pages/step-server.ts';
import { type Visitor, visitor } from '../pages/visitor.ts';
import type { TestServer } from '../support/server.ts';
import { type EnrolledApp, enrolApp } from '../support/totp.ts';

const NEXT = 'another-horse-battery';
const origin = { address: '2001:db8:77::1' };

interface Owner {
  id: number;
  mobile: string;
  email: string;
  app: EnrolledApp;
}

/** Recovers the account. Returns its password afterwards. */
type Recover = (owner: Owner) => Promise<string>;

describe('a recovery of an account with a second factor', () => {
  let server: TestServer;
  before(async () => {
    server = await stepServer();
  });
  after(() => server.stop());

  async function owner(): Promise<Owner> {
    const email = newEmail();
    const { id, mobile } = await holder(server, { email });
    return { id, mobile, email, app: await enrolApp(server.domain, id) };
  }

  const newestTo = async (to: string): Promise<string> =>
    (await server.domain.outbox.list({ to, limit: 1 }))[0]?.text ?? '';

  /** The location that follows the password in a sign-in. */
  async function passwordStep({ email }: Owner, password: string): Promise<string> {
    const person = visitor(server);
    return (await person.send(`${await person.begin()}/login`, { login: email, password })).location;
  }

  /** Expects that the code of the app completes the sign-in. */
  async function expectOnlyTheCodeIsMissing(person: Visitor, at: string, { app }: Owner): Promise<void> {
    await person.open(`${at}/second-factor`);
    const done = await person.send(`${at}/second-factor`, { code: app.code() });
    expect(done.status).to.equal(303);
    // the next page asks about the contact that the recovery did not prove, so the person is signed in
    expect((await person.follow(done.location)).page).to.match(/action="\/interaction\/[\w-]+\/contacts"/);
    expect((await person.follow('/account')).page).to.include(`href="/account/security"`);
  }

  const RECOVERIES: Record<string, Recover> = {
    'by SMS on the pages': async ({ mobile }) => {
      const person = visitor(server);
      const { location } = await verifyMobile(person, '/forgot-password', mobile);
      await person.open(location);
      await person.send(location, { password: NEXT });
      return NEXT;
    },
    'by mail on the pages': async ({ email }) => {
      await server.domain.passwordReset.request({
        ...{ email, resetUri: '/reset-password', locale: 'en', origin },
      });
      const code = valueIn(await newestTo(email), 'code');
      const person = visitor(server);
      await person.open(`/reset-password/${code}`);
      const sent = await person.send('/reset-password', { login: email, code, password: NEXT });
      expect(sent.location).to.equal('/reset-password/done');
      return NEXT;
    },
    'by SMS in the Customers API': async ({ mobile }) => {
      const { post } = customersClient(server);
      await post('/otp/request', { mobile, purpose: 'reset' });
      const otpNumber = /\d{6}/.exec(await newestTo(mobile.replace(/^0/, '+66')))?.[0];
      const changed = await post('/forgotpassword/changepassword', { mobile, otpNumber, password: NEXT });
      expect(changed.status).to.equal(200);
      return NEXT;
    },
    'by mail in the Self-service API': async ({ email }) => {
      const { post, mailed } = selfServiceClient(server);
      await post('/password_reset', { email, reset_uri: '/customers/do_reset' });
      const reset = await post('/do_reset', { email, code: await mailed(email, 'code') });
      const payload = String(reset.body.token).split('.')[1] ?? '';
      return JSON.parse(Buffer.from(payload, 'base64url').toString()).passphrase;
    },
    'by an operator, who sends a mail': async ({ id, email }) => {
      await server.domain.passwordResets.send(id, 'email', origin);
      const code = valueIn(await newestTo(email), 'code');
      await server.domain.passwordReset.reset({ email, code, password: NEXT, origin });
      return NEXT;
    },
    'by a change of the password': async ({ id }) => {
      const { generation = 0 } = (await server.domain.accounts.find(id)) ?? {};
      await server.domain.passwordChange.change({
        ...{ accountId: id, next: NEXT, preservedSession: { generation } },
      });
      return NEXT;
    },
    'by signing out everywhere': async ({ id }) => {
      const { generation = 0 } = (await server.domain.accounts.find(id)) ?? {};
      await server.domain.sessions.endOthers(id, { generation });
      return PASSWORD;
    },
    'by suspending and activating it': async ({ id }) => {
      await server.domain.lifecycle.suspend(id);
      await server.domain.lifecycle.activate(id);
      return PASSWORD;
    },
  };

  for (const [way, recover] of Object.entries(RECOVERIES))
    it(`${way} keeps it, and the sign-in still asks for it`, async () => {
      const person = await owner();
      const password = await recover(person);
      const { authenticators, recoveryCodes } = await server.domain.secondFactors.list(person.id);
      expect([authenticators.length, recoveryCodes]).to.deep.equal([1, 10]);
      expect(await passwordStep(person, password)).to.match(/\/second-factor$/);
    });

  it('by SMS, in a sign-in, leads to the second step of that sign-in', async () => {
    const someone = await owner();
    const person = visitor(server);
    const at = await person.begin();
    const { location } = await verifyMobile(person, `${at}/forgot-password`, someone.mobile);
    await person.open(location);
    const done = await person.send(location, { password: NEXT });
    expect(done.location).to.equal(`${at}/second-factor`);
    await expectOnlyTheCodeIsMissing(person, at, someone);
  });

  it('by SMS, in a sign-in, cannot skip the second step by the address that resumes the request', async () => {
    const someone = await owner();
    const person = visitor(server);
    const at = await person.begin();
    const { location } = await verifyMobile(person, `${at}/forgot-password`, someone.mobile);
    await person.open(location);
    await person.send(location, { password: NEXT });
    const resumed = await person.follow(at.replace('/interaction/', '/oauth/authorize/'));
    expect(resumed.page).to.include('name="password"');
    expect(await silently(server, person.agent)).to.equal('login_required');
  });

  it('by SMS, on its own, signs nobody in before the second step', async () => {
    const someone = await owner();
    const person = visitor(server);
    const { location } = await verifyMobile(person, '/forgot-password', someone.mobile);
    await person.open(location);
    const done = await person.send(location, { password: NEXT });
    const arrived = await person.follow(done.location);
    expect(arrived.page).to.match(/action="\/interaction\/[\w-]+\/second-factor"/);
    expect((await person.open('/account')).status).to.equal(303);
  });

  it('by mail, in a sign-in, leads back to a sign-in that asks for both', async () => {
    const someone = await owner();
    const person = visitor(server);
    const at = await person.begin();
    await person.open(`${at}/forgot-password`);
    await person.send(`${at}/forgot-password`, { login: someone.email });
    const link = /http\S+\/reset-password\/\S+/.exec(await newestTo(someone.email))?.[0] ?? '';
    const { pathname, search, searchParams } = new URL(link);
    await person.open(pathname + search);
    const fields = { login: someone.email, code: pathname.split('/').at(-1) ?? '', password: NEXT };
    const sent = await person.send('/reset-password', {
      ...fields,
      resume: searchParams.get('resume') ?? '',
    });
    const next = /class="button primary" href="([^"]+)"/.exec((await person.open(sent.location)).page)?.[1];
    const begun = await person.open(next?.replaceAll('&amp;', '&') ?? '');
    await person.follow(begun.location);
    const answer = await person.send(`${begun.location}/login`, { login: someone.email, password: NEXT });
    expect(answer.location).to.equal(`${begun.location}/second-factor`);
    await expectOnlyTheCodeIsMissing(person, begun.location, someone);
  });

  it('ends the memory of remembered devices', async () => {
    const someone = await owner();
    const person = visitor(server);
    const signIn = async (password: string): Promise<[string, string]> => {
      const at = await person.begin({ prompt: 'login' });
      return [at, (await person.send(`${at}/login`, { login: someone.email, password })).location];
    };
    const [at] = await signIn(PASSWORD);
    await person.open(`${at}/second-factor`);
    await person.send(`${at}/second-factor`, { code: someone.app.code(), remember: 'yes' });
    expect((await signIn(PASSWORD))[1]).to.not.include('second-factor');
    await RECOVERIES['by SMS on the pages']?.(someone);
    expect((await signIn(NEXT))[1]).to.match(/\/second-factor$/);
  });
});
