import { expect } from 'chai';
import { newContacts, PASSWORD, somebody } from '../pages/account/visitor.ts';
import { begin, post } from '../pages/interaction-steps.ts';
import { createClient } from '../support/clients.ts';
import { moveClock, resetClock } from '../support/clock.ts';
import { eventually } from '../support/eventually.ts';
import { forgetCounts } from '../support/forget-counts.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { enrolApp } from '../support/totp.ts';
import { App, appClient, type Challenged, codeOf } from './app-steps.ts';
import { passkeyHolder } from './passkey-steps.ts';

const WRONG = 'not-the-password';

describe('attacks on the sign-in inside an app', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });
  beforeEach(() => forgetCounts(server.database));
  afterEach(() => resetClock());

  const newApp = async (more: object = {}): Promise<App> => new App(server, await appClient(server, more));
  const errorOf = ({ body }: Challenged): string | undefined => body.error;

  describe('by an unauthorised client', () => {
    it('are refused: of another party, of our own pages, without the code grant, with signed requests', async () => {
      const others = [
        await appClient(server, { first_party: false }),
        { id: 'account', secret: await server.domain.clients.rotateSecret('account', 0), redirectUri: '' },
        await appClient(server, {
          ...{ grant_types: ['client_credentials'], response_types: [], redirect_uris: [] },
          token_endpoint_auth_method: 'client_secret_basic',
        }),
        await appClient(server, { require_signed_request_object: true }),
      ];
      const errors = await Promise.all(
        others.map(async (client) => errorOf(await new App(server, client).begin())),
      );
      expect(new Set(errors)).to.deep.equal(new Set(['unauthorized_client']));
      const [id] = others.map((client) => client.id);
      await eventually(async () => {
        const events = await server.database
          .knex('audit')
          .where({ client_id: id, event: 'client.refused' })
          .select('event', 'reason');
        expect(events).to.deep.equal([{ event: 'client.refused', reason: 'client_not_allowed' }]);
      });
    });

    it('are refused when it does not authenticate', async () => {
      const client = await createClient(server, { first_party: true });
      const app = new App(server, { ...client, secret: 'wrong' });
      const { status, body } = await app.begin();
      expect({ status, error: body.error }).to.deep.equal({ status: 401, error: 'invalid_client' });
      expect((await new App(server, { ...client, id: 'unknown', secret: '' }).begin()).status).to.equal(401);
    });
  });

  it('cannot go on with the auth_session of another client', async () => {
    const [app, thief, person] = [await newApp(), await newApp(), await somebody(server)];
    const begun = await app.begin(person.email);
    expect(errorOf(await thief.step(begun, { password: PASSWORD }))).to.equal('invalid_session');
    // and do not use it up
    await app.tokens(await app.step(begun, { password: PASSWORD }));
  });

  it('cannot make up an auth_session', async () => {
    const app = await newApp();
    for (const auth_session of ['x', 'A'.repeat(43), 'é', 'a'.repeat(4000)])
      expect(errorOf(await app.send({ auth_session, password: PASSWORD }))).to.equal('invalid_session');
  });

  describe('by guessing', () => {
    it('count with the pages: ten wrong passwords here lock there', async () => {
      const [app, person] = [await newApp(), await somebody(server)];
      const begun = await app.begin(person.email);
      for (let guess = 0; guess < 10; guess += 1) await app.step(begun, { password: WRONG });
      const locked = await app.step(begun, { password: PASSWORD });
      expect(locked.status).to.equal(429);
      expect(locked.body.error).to.equal('temporarily_unavailable');
      expect(Number(locked.headers.get('retry-after'))).to.be.greaterThan(0);
      const at = await begin(server);
      const answer = await post(at, 'login', { login: person.email, password: PASSWORD });
      expect(answer.status).to.equal(429);
    });

    it('of second factors count together, in however many sign-ins', async () => {
      const [app, person] = [await newApp(), await somebody(server)];
      const enrolled = await enrolApp(server.domain, person.id);
      const own = await app.begin(person.email, { password: PASSWORD });
      for (let guess = 0; guess < 10; guess += 1) {
        const first = await app.begin(person.email, { password: PASSWORD });
        expect((await app.step(first, { code: enrolled.wrong() })).body.reason).to.equal('wrong_code');
      }
      expect((await app.step(own, { code: enrolled.code() })).status).to.equal(429);
      expect((await app.begin(person.email, { password: PASSWORD })).status).to.equal(429);
    });

    it('of codes meet the pause of a number, whichever client requested one', async () => {
      const [app, person] = [await newApp(), await somebody(server)];
      for (const mobile of [person.mobile, newContacts().mobile]) {
        const sent = await app.step(await app.begin(mobile), { otp_channel: 'sms' });
        expect((await app.step(sent, { otp_channel: 'sms' })).status).to.equal(429);
        expect((await app.step(await app.begin(mobile), { otp_channel: 'sms' })).status).to.equal(429);
      }
    });

    it('learn nothing of a suspended account', async () => {
      const [app, person] = [await newApp(), await somebody(server)];
      await server.domain.lifecycle.suspend(person.id);
      const begun = await app.begin(person.mobile);
      expect((await app.step(begun, { password: PASSWORD })).body.reason).to.equal('wrong_password');
      const sent = await app.step(begun, { otp_channel: 'sms' });
      const code = await codeOf(server, person.mobile);
      expect((await app.step(sent, { otp: code })).body.reason).to.equal('wrong_code');
    });
  });

  it('cannot use a code of one number with another, nor a challenge of another sign-in', async () => {
    const [app, victim] = [await newApp(), await somebody(server)];
    const own = await somebody(server);
    const sent = await app.step(await app.begin(own.mobile), { otp_channel: 'sms' });
    const otp = await codeOf(server, own.mobile);
    const tokens = await app.tokens(await app.step(sent, { login_hint: victim.mobile, otp }));
    const { sub } = JSON.parse(Buffer.from(tokens.id_token?.split('.')[1] ?? '', 'base64url').toString());
    expect(sub).to.equal(String(own.id));

    const { device } = await passkeyHolder(server);
    const [one, two] = [
      await app.step(await app.begin(), { passkey: 'begin' }),
      await app.step(await app.begin(), { passkey: 'begin' }),
    ];
    device.signCount += 1;
    const credential = device.get(one.body.passkey_options as { challenge: string });
    expect((await app.step(two, { passkey: credential })).body.reason).to.equal('passkey_rejected');
  });

  it('that wait for the code of an app find it used, in a sign-in of their own', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    const enrolled = await enrolApp(server.domain, person.id);
    const [own, theirs] = [
      await app.begin(person.email, { password: PASSWORD }),
      await app.begin(person.email, { password: PASSWORD }),
    ];
    const code = enrolled.code();
    await app.tokens(await app.step(own, { code }));
    expect((await app.step(theirs, { code })).body.reason).to.equal('wrong_code');
  });

  it('keep no code that was asked for beyond its time', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    const sent = await app.step(await app.begin(person.mobile), { otp_channel: 'sms' });
    const otp = await codeOf(server, person.mobile);
    await moveClock(server.database, 301);
    expect((await app.step(sent, { otp })).body.reason).to.equal('wrong_code');
  });
});
