import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { PASSWORD, somebody } from '../pages/account/visitor.ts';
import { createClient } from '../support/clients.ts';
import { forgetCounts } from '../support/forget-counts.ts';
import { startServer, testServer } from '../support/server.ts';
import { App, appClient, type Challenged, codeOf } from './app-steps.ts';
import { passkeyHolder } from './passkey-steps.ts';

describe('the sign-in inside an app, by settings', () => {
  it('leaves it to the browser to set up a second factor that is required', async () => {
    const server = await startServer({ secondFactor: { policy: 'required' } });
    const [app, person] = [new App(server, await appClient(server)), await somebody(server)];
    const { body } = await app.begin(person.email, { password: PASSWORD });
    expect(body.error).to.equal('redirect_to_web');
    await server.stop();
  });

  it('sends codes by e-mail where the deployment lets them sign in, and responds alike for every address', async () => {
    const plain = await testServer();
    const [none, person] = [new App(plain, await appClient(plain)), await somebody(plain)];
    expect((await none.begin(person.email)).body.otp_channels).to.deep.equal(['sms']);
    const server = await startServer({ emailCode: { signIn: true } });
    const app = new App(server, await appClient(server));
    const begun = await app.begin(person.email);
    expect(begun.body.otp_channels).to.deep.equal(['sms', 'email']);
    const sent = await app.step(begun, { otp_channel: 'email' });
    expect(sent.body.otp).to.include({ channel: 'email', expires_in: 300, resend_after: 60 });
    const code = await codeOf(server, person.email);
    const stranger = await app.begin(`nobody-${person.email}`);
    const same = await app.step(stranger, { otp_channel: 'email' });
    expect({ ...same.body.otp, reference: '' }).to.deep.equal({ ...sent.body.otp, reference: '' });
    // a code of another sign-in, for the same address
    const other = await app.begin(person.email);
    const thief = await app.step(other, { otp_channel: 'email' });
    expect(thief.status).to.equal(429);
    expect((await app.step(same, { otp: code })).body.error).to.equal('insufficient_authorization');
    const { id_token = '' } = await app.tokens(await app.step(sent, { otp: code }));
    expect(decodeJwt(id_token)).to.deep.include({ acr: 'urn:pratu:acr:email', amr: ['otp'] });
    await server.stop();
  });

  it('stores no more unfinished sign-ins of an address than the pages, and gives finished ones back', async () => {
    const base = await testServer();
    await forgetCounts(base.database);
    const server = await startServer({ attempts: { ...base.config.attempts, beginningsPerAddress: 2 } });
    const [app, person] = [new App(server, await appClient(server)), await somebody(server)];
    const finishing = await app.begin(person.email);
    await app.tokens(await app.step(finishing, { password: PASSWORD }));
    const begun = [await app.begin(), await app.begin(), await app.begin()];
    expect(begun.map(({ status }) => status)).to.deep.equal([400, 400, 429]);
    // a later step does not count as a start, and a client with a secret is not counted
    expect((await app.step(begun[0] as Challenged, { passkey: 'begin' })).status).to.equal(400);
    const other = new App(server, await createClient(server, { first_party: true }));
    expect((await other.begin()).status).to.equal(400);
    await forgetCounts(base.database);
    await server.stop();
  });

  it('takes passkeys of Android apps whose certificate is configured', async () => {
    const origin = `android:apk-key-hash:${'Ab_-'.repeat(10)}xyz`;
    const server = await startServer({ passkeys: { relatedOrigins: [origin] } });
    const [app, { device }] = [new App(server, await appClient(server)), await passkeyHolder(server)];
    const answerFrom = async (from: string): Promise<Challenged> => {
      const asked = await app.step(await app.begin(), { passkey: 'begin' });
      device.signCount += 1;
      const credential = device.get(asked.body.passkey_options as { challenge: string }, { origin: from });
      return app.step(asked, { passkey: credential });
    };
    const other = await answerFrom(`android:apk-key-hash:${'x'.repeat(43)}`);
    expect(other.body.reason).to.equal('passkey_rejected');
    await app.tokens(await answerFrom(origin));
    const known = await (await fetch(`${server.url}/.well-known/webauthn`)).json();
    expect(known).to.deep.equal({ origins: [server.url] });
    await server.stop();
  });

  it('counts codes by the address of an app, and by a client that has authenticated', async () => {
    const base = await testServer();
    await forgetCounts(base.database);
    const server = await startServer({ oneTimeCodes: { ...base.config.oneTimeCodes, addressPerHour: 1 } });
    const statusOf = async (app: App): Promise<number> => {
      const { mobile } = await somebody(server);
      return (await app.step(await app.begin(mobile), { otp_channel: 'sms' })).status;
    };
    const app = new App(server, await appClient(server));
    expect([await statusOf(app), await statusOf(app)]).to.deep.equal([400, 429]);
    const other = new App(server, await createClient(server, { first_party: true }));
    expect([await statusOf(other), await statusOf(other)]).to.deep.equal([400, 400]);
    await forgetCounts(base.database);
    await server.stop();
  });
});
