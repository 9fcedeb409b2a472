import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { PASSWORD, somebody } from '../pages/account/visitor.ts';
import { moveClock, resetClock } from '../support/clock.ts';
import { forgetCounts } from '../support/forget-counts.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { App, appClient, codeOf } from './app-steps.ts';
import { turnOn } from './sent-steps.ts';

const MFA = {
  claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:pratu:acr:mfa' } } }),
};

describe('codes that are sent as the second factor of a sign-in inside an app', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });
  beforeEach(() => forgetCounts(server.database));
  afterEach(() => resetClock());

  const newApp = async (): Promise<App> => new App(server, await appClient(server));

  for (const [channel, contact] of [
    ['sms', 'mobile'],
    ['email', 'email'],
  ] as const) {
    it(`complete it by ${channel}, as a recovery code does`, async () => {
      const [app, person] = [await newApp(), await somebody(server)];
      const [recovery = ''] = await turnOn(server, person, channel);
      const first = await app.begin(person.email, { password: PASSWORD });
      expect(first.body).to.deep.include({ next: ['code', 'otp'], otp_channels: [channel] });
      const sent = await app.step(first, { otp_channel: channel });
      expect(sent.body.otp).to.include({ channel, expires_in: 300 });
      expect((await app.step(sent, { otp: '12' })).body.reason).to.equal('wrong_code');
      const { id_token = '' } = await app.tokens(
        await app.step(sent, { otp: await codeOf(server, person[contact]) }),
      );
      expect(decodeJwt(id_token)).to.include({ sub: String(person.id), acr: 'urn:pratu:acr:mfa' });
      const again = await app.begin(person.email, { password: PASSWORD });
      await app.tokens(await app.step(again, { code: recovery }));
    });
  }

  it('go to the account, whatever login_hint says, and by no channel that is not offered', async () => {
    const [app, person, other] = [await newApp(), await somebody(server), await somebody(server)];
    await turnOn(server, person, 'sms');
    const first = await app.begin(person.email, { password: PASSWORD });
    expect((await app.step(first, { otp_channel: 'email' })).body.error).to.equal('invalid_request');
    expect((await app.step(first, { otp: '123456' })).body.error).to.equal('invalid_request');
    const sent = await app.step(first, { otp_channel: 'sms', login_hint: other.mobile });
    expect(await codeOf(server, other.mobile)).to.equal('no code');
    await app.tokens(await app.step(sent, { otp: await codeOf(server, person.mobile) }));
  });

  it('are not sent again moments later, nor work in another sign-in', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    await turnOn(server, person, 'email');
    const own = await app.begin(person.mobile, { password: PASSWORD });
    const theirs = await app.begin(person.mobile, { password: PASSWORD });
    const sent = await app.step(own, { otp_channel: 'email' });
    const again = await app.step(sent, { otp_channel: 'email' });
    expect(again.body.otp).to.deep.equal({ channel: 'email' });
    const otp = await codeOf(server, person.email);
    await moveClock(server.database, 61);
    const other = await app.step(theirs, { otp_channel: 'email' });
    expect((await app.step(other, { otp })).body.reason).to.equal('wrong_code');
  });

  it('do not include those that were sent for the first factor', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    await turnOn(server, person, 'sms');
    const sent = await app.step(await app.begin(person.mobile), { otp_channel: 'sms' });
    const otp = await codeOf(server, person.mobile);
    const first = await app.step(sent, { password: PASSWORD });
    expect((await app.step(first, { otp })).body.error).to.equal('invalid_request');
  });

  it('are asked for when a client wants two factors of an account that has turned none on', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    const first = await app.begin(person.email, { ...MFA, password: PASSWORD });
    expect(first.body).to.deep.include({ next: ['otp'], otp_channels: ['sms', 'email'] });
    const sent = await app.step(first, { otp_channel: 'sms' });
    await app.tokens(await app.step(sent, { otp: await codeOf(server, person.mobile) }));
  });

  it('are not a second factor after a code by SMS: the password is', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    await turnOn(server, person, 'sms');
    const sent = await app.step(await app.begin(person.mobile), { otp_channel: 'sms' });
    const first = await app.step(sent, { otp: await codeOf(server, person.mobile) });
    expect(first.body).to.deep.include({ next: ['password'] });
    expect((await app.step(first, { otp_channel: 'sms' })).body.error).to.equal('invalid_request');
    const { id_token = '' } = await app.tokens(await app.step(first, { password: PASSWORD }));
    expect(decodeJwt(id_token)).to.include({ sub: String(person.id), acr: 'urn:pratu:acr:mfa' });
  });

  it('do not add up with the password of someone else', async () => {
    const [app, person, other] = [await newApp(), await somebody(server), await somebody(server)];
    await turnOn(server, person, 'sms');
    const sent = await app.step(await app.begin(person.mobile), { otp_channel: 'sms' });
    const first = await app.step(sent, { otp: await codeOf(server, person.mobile) });
    const finished = await app.step(first, { login_hint: other.email, password: PASSWORD });
    const { id_token = '' } = await app.tokens(finished);
    expect(decodeJwt(id_token)).to.include({ sub: String(other.id), acr: 'urn:pratu:acr:password' });
  });
});
