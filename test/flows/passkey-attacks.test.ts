import { expect } from 'chai';
import { MFA } from '../../src/domain/sign-in/mfa.ts';
import { csrfOf, post } from '../pages/interaction-steps.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { answerWith, optionsAt, passkeyHolder } from './passkey-steps.ts';
import { claimsOf, firstParty, owner, type TwoSteps, twoSteps } from './two-steps.ts';

describe('attacks with passkeys', () => {
  let server: TestServer;
  let flow: TwoSteps;
  before(async () => {
    server = await startServer();
    flow = twoSteps(server, await firstParty(server));
  });
  after(() => server.stop());

  it('a challenge of one browser signs nobody in at another', async () => {
    const { device } = await passkeyHolder(server);
    const [theirs, ours] = [await flow.start(), await flow.start()];
    const credential = device.get(await optionsAt(theirs));
    const refused = await flow.send(ours, 'passkey', { credential });
    expect(refused.status).to.equal(400);
    expect(await flow.silently(ours.agent)).to.equal('login_required');
    // it is still valid in its own sign-in
    expect((await flow.send(theirs, 'passkey', { credential })).back?.searchParams.has('code')).to.equal(
      true,
    );
  });

  it('an answer is taken once, also in a later sign-in of the same browser', async () => {
    const { device } = await passkeyHolder(server);
    const first = await flow.start();
    device.signCount += 1;
    const credential = device.get(await optionsAt(first));
    expect((await flow.send(first, 'passkey', { credential })).back?.searchParams.has('code')).to.equal(true);
    const again = await flow.start({ prompt: 'login' }, first.agent);
    expect((await flow.send(again, 'passkey', { credential })).status).to.equal(400);
  });

  it('another person’s sign-in cannot be completed', async () => {
    const { device } = await passkeyHolder(server);
    const theirs = await flow.start();
    const stranger = await flow.start();
    const stolen = { ...stranger, uid: theirs.uid };
    expect((await post(stolen, 'passkey/options')).status).to.equal(400);
    expect(
      (await post(stolen, 'passkey', { credential: device.get({ challenge: 'AAAA' }) })).status,
    ).to.equal(400);
    expect(await flow.silently(stranger.agent)).to.equal('login_required');
  });

  it('the passkey of another account does not complete the second step of an account: it is another sign-in', async () => {
    const victim = await owner(server);
    const attacker = await passkeyHolder(server);
    const asked = await flow.toSecond(victim, {
      claims: JSON.stringify({ id_token: { acr: { essential: true, value: MFA.acr } } }),
    });
    const done = await answerWith(flow, asked, attacker.device);
    expect(claimsOf(await flow.tokens(done))).to.deep.include({
      sub: String(attacker.id),
      amr: ['pop', 'user', 'mfa'],
    });
  });

  it('other sites can neither begin nor end a ceremony', async () => {
    const page = await flow.start();
    const cross = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    for (const step of [
      'passkey/options',
      'passkey',
      'passkey/later',
      'passkey/new',
      'passkey/new/options',
    ]) {
      expect((await post(page, step, {}, cross)).status, step).to.equal(403);
      expect((await post({ ...page, page: '' }, step)).status, `${step} without a token`).to.equal(403);
    }
    const { visitor } = await passkeyHolder(server);
    await visitor.signIn();
    for (const path of ['options', 'new', 'rename', 'remove'])
      expect(
        (await visitor.post(`/account/passkeys/${path}`, new URLSearchParams({ csrf: 'x' }))).status,
      ).to.equal(403);
  });

  it('a sign-in that is over offers no passkey to whoever finds it', async () => {
    const page = await flow.start();
    for (const step of ['passkey/new', 'passkey/new/options', 'passkey/later'])
      expect((await post(page, step, { credential: '{}' })).status, step).to.equal(303);
    expect(await flow.silently(page.agent)).to.equal('login_required');
  });

  it('options say the same to every browser, whoever has passkeys', async () => {
    const { email } = await passkeyHolder(server);
    const hinted = await optionsAt(await flow.start({ login_hint: email }));
    const plain = await optionsAt(await flow.start());
    expect({ ...hinted, challenge: '' }).to.deep.equal({ ...plain, challenge: '' });
  });

  it('the form token of a person makes no passkey for the next one at the browser', async () => {
    const { visitor } = await passkeyHolder(server);
    await visitor.signIn();
    const token = csrfOf((await visitor.open('/account/passkeys/new')).page);
    const other = (await passkeyHolder(server)).visitor;
    other.agent.setCookie('csrf', visitor.agent.cookies.get('csrf')?.value ?? '');
    await other.signIn();
    expect(
      (await other.post('/account/passkeys/options', new URLSearchParams({ csrf: token }))).status,
    ).to.equal(403);
  });
});
