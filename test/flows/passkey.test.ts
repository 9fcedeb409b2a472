import { expect } from 'chai';
import { MFA } from '../../src/domain/sign-in/mfa.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { enrolApp } from '../support/totp.ts';
import { answerWith, type PasskeyHolder, passkeyHolder, passkeyOf } from './passkey-steps.ts';
import { claimsOf, firstParty, owner, type TwoSteps, twoSteps } from './two-steps.ts';

const BY_PASSKEY = 'urn:pratu:acr:passkey';
const BY_PASSWORD = 'urn:pratu:acr:password';
const AMR = ['pop', 'user', 'mfa'];
const essential = (...values: string[]): string =>
  JSON.stringify({ id_token: { acr: { essential: true, values } } });

describe('signing in with a passkey', () => {
  let server: TestServer;
  let flow: TwoSteps;
  before(async () => {
    server = await startServer();
    flow = twoSteps(server, await firstParty(server));
  });
  after(() => server.stop());

  /** The claims of a sign-in with a passkey, and its browser. */
  async function signedIn({ device }: PasskeyHolder, more = {}) {
    const done = await answerWith(flow, await flow.start(more), device);
    return { claims: claimsOf(await flow.tokens(done)), agent: done.agent };
  }

  it('reports its acr and amr, and nothing more is asked', async () => {
    const holder = await passkeyHolder(server);
    const { claims } = await signedIn(holder);
    expect(claims).to.deep.include({ sub: String(holder.id), acr: BY_PASSKEY, amr: AMR });
  });

  it('asks an account with an authenticator app for no second factor', async () => {
    const holder = await passkeyHolder(server);
    await enrolApp(server.domain, holder.id);
    expect((await signedIn(holder)).claims).to.include({ acr: BY_PASSKEY });
  });

  it('satisfies a client that asks for two factors, now and in the session', async () => {
    for (const more of [{ acr_values: MFA.acr }, { claims: essential(MFA.acr) }]) {
      const holder = await passkeyHolder(server);
      const { claims, agent } = await signedIn(holder, more);
      expect(claims).to.deep.include({ acr: MFA.acr, amr: AMR });
      // the same session, with each request in turn and without a page
      for (const [request, acr] of [
        [{}, BY_PASSKEY],
        [{ claims: essential(MFA.acr) }, MFA.acr],
        [{ claims: essential(BY_PASSKEY) }, BY_PASSKEY],
        [{ acr_values: MFA.acr }, MFA.acr],
      ] as const) {
        const again = await flow.start({ prompt: 'none', ...request }, agent);
        expect(claimsOf(await flow.tokens(again)), JSON.stringify(request)).to.deep.include({
          acr,
          amr: AMR,
        });
      }
    }
  });

  it('is requested on a page of its own by a client that insists on it', async () => {
    const { device } = await passkeyHolder(server);
    const page = await flow.start({ claims: essential(BY_PASSKEY) });
    expect(page.step).to.equal('passkey');
    expect(page.page).to.not.include('name="password"');
    const done = await answerWith(flow, page, device);
    expect(claimsOf(await flow.tokens(done))).to.include({ acr: BY_PASSKEY });
  });

  it('is not accepted by a client that insists on the password', async () => {
    const page = await flow.start({ claims: essential(BY_PASSWORD) });
    expect(page.page).to.include('name="password"').and.not.include('data-passkey');
    const refused = await flow.send(page, 'passkey', { credential: '{}' });
    expect(refused.step).to.equal('');
    expect(refused.page).to.include('name="password"');
  });

  it('steps up a session with a password, where the client insists on two factors', async () => {
    const { email, device } = await passkeyHolder(server);
    const first = await flow.password(await flow.start(), email);
    expect(claimsOf(await flow.tokens(first))).to.deep.include({ acr: BY_PASSWORD, amr: ['pwd'] });
    expect(await flow.silently(first.agent, { claims: essential(MFA.acr) })).to.equal('interaction_required');
    const asked = await flow.start({ claims: essential(MFA.acr) }, first.agent);
    expect(asked.step).to.equal('second-factor');
    expect(asked.page).to.include('data-passkey').and.not.include('name="code"');
    const done = await answerWith(flow, asked, device);
    expect(claimsOf(await flow.tokens(done))).to.deep.include({ acr: MFA.acr, amr: ['pwd', ...AMR] });
  });

  it('is not asked for after a password, where the client only prefers two factors', async () => {
    const { id, email } = await passkeyHolder(server);
    // nor is there a contact for a code
    await server.database.knex('contacts').where({ account_id: id }).update({ verified_at: null });
    const done = await flow.password(await flow.start({ acr_values: MFA.acr }), email);
    expect(claimsOf(await flow.tokens(done))).to.deep.include({ acr: BY_PASSWORD, amr: ['pwd'] });
  });

  it('may be the second step instead of a code', async () => {
    const person = await owner(server);
    const device = await passkeyOf(server, person.id);
    const asked = await flow.toSecond(person);
    expect(asked.page).to.include('data-passkey').and.include('name="code"');
    const done = await answerWith(flow, asked, device);
    expect(claimsOf(await flow.tokens(done))).to.deep.include({ acr: MFA.acr, amr: ['pwd', ...AMR] });
  });

  it('says what happened when it is not accepted, and the other methods go on', async () => {
    const { email, device } = await passkeyHolder(server);
    const page = await flow.start();
    const forged = await answerWith(flow, page, device, { isForged: true });
    expect(forged.status).to.equal(400);
    expect(forged.page).to.include('ยืนยันพาสคีย์ไม่สำเร็จ');
    expect(forged.page).to.include(`/interaction/${page.uid}/login`);
    const done = await flow.password({ ...forged, page: page.page }, email);
    expect(claimsOf(await flow.tokens(done))).to.include({ acr: BY_PASSWORD });
  });

  it('tells the device of a passkey that was removed', async () => {
    const { id, device } = await passkeyHolder(server);
    const [passkey] = await server.domain.passkeys.list(id);
    await server.domain.removePasskey(id, passkey?.id ?? '');
    const refused = await answerWith(flow, await flow.start(), device);
    expect(refused.status).to.equal(400);
    expect(refused.page).to.include('signalUnknownCredential');
    expect(refused.page).to.include(device.credentialId.toString('base64url'));
  });
});

describe('a deployment that requires two factors', () => {
  let server: TestServer;
  let flow: TwoSteps;
  before(async () => {
    server = await startServer({ secondFactor: { policy: 'required' } });
    flow = twoSteps(server, await firstParty(server));
  });
  after(() => server.stop());

  it('asks for the passkey after the password, and lets nobody set up an app instead', async () => {
    const { email, device } = await passkeyHolder(server);
    const asked = await flow.toSecond({ email });
    expect(asked.step).to.equal('second-factor');
    const enrolling = await flow.send(asked, 'second-factor/new', { code: '000000' });
    expect(enrolling.step).to.equal('second-factor');
    const done = await answerWith(flow, asked, device);
    expect(claimsOf(await flow.tokens(done))).to.include({ acr: MFA.acr });
  });

  it('is satisfied with a passkey alone', async () => {
    const { device } = await passkeyHolder(server);
    const done = await answerWith(flow, await flow.start(), device);
    expect(claimsOf(await flow.tokens(done))).to.include({ acr: BY_PASSKEY });
  });
});
