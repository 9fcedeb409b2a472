import { expect } from 'chai';
import Koa from 'koa';
import { errorPresenter } from '../../src/compose/error-presenter.ts';
import type { ResetRequest } from '../../src/domain/recovery/password-reset.ts';
import { errorBoundary } from '../../src/http/errors.ts';
import { fixUrls } from '../../src/http/fixed-urls.ts';
import { formGuard } from '../../src/http/form-guard.ts';
import { requestId } from '../../src/http/request-id.ts';
import { sealedCookie } from '../../src/http/sealed-cookie.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { assets } from '../../src/pages/kit/assets.ts';
import { botCheck } from '../../src/pages/kit/bot-check.ts';
import { FORGOT_PASSWORD_PATHS, SIGN_IN_FORGOT_PASSWORD_PATHS } from '../../src/pages/kit/paths.ts';
import { pageRenderer } from '../../src/pages/kit/render.ts';
import { show as createShow } from '../../src/pages/kit/show.ts';
import { readSubmitted } from '../../src/pages/kit/submitted.ts';
import { forgotPasswordPages, type MailAsked } from '../../src/pages/recovery/forgot-password.ts';
import { returnTo } from '../../src/pages/recovery/return-to.ts';
import { onTheirOwn } from '../../src/pages/steps/flow-context.ts';
import type { FlowContext, StepState } from '../../src/pages/steps/steps.ts';
import { serve, silent, stopAll } from '../http/serve.ts';
import { testConfig } from '../support/config.ts';
import { testDatabase } from '../support/database.ts';
import { readyDomain } from '../support/domain.ts';
import { alertsOf, headingOf, type Visitor, visitor } from './visitor.ts';

const ORIGINAL_URL = '/oauth/authorize?client_id=spa';

/** A sign-in of the client "Doi", without a protocol behind it. */
const inDoi: FlowContext<typeof SIGN_IN_FORGOT_PASSWORD_PATHS> = {
  paths: SIGN_IN_FORGOT_PASSWORD_PATHS,
  at: async (ctx, step) =>
    step(ctx, {
      path: '/interaction/1/forgot-password',
      uid: '1',
      originalUrl: ORIGINAL_URL,
      signIn: {
        uid: '1',
        client: { name: 'Doi' },
        clientId: 'doi',
        loginHint: 'somchai@example.com',
        uiLocales: 'th',
        reauthenticate: false,
        methods: ['password', 'code'],
      },
    }),
  goOn: async () => ORIGINAL_URL,
};

describe('a forgotten password, by mail', () => {
  let person: Visitor;
  let asked: ResetRequest[];
  let resumed: ReturnType<typeof returnTo>;

  beforeEach(async () => {
    const config = await testConfig();
    const database = await testDatabase();
    const domain = await readyDomain({ config, database });
    const { issuer, bodyBytes } = config.server;
    const show = createShow(
      pageRenderer({ pages: config.pages, assets: assets(config), logoPath: (uri) => `/logos/${uri}` }),
    );
    const guard = formGuard({ keys: domain.keyring.derive('forms'), issuer, development: true });
    const sealed = {
      keyring: domain.keyring,
      clock: systemClock,
      seconds: 900,
      secure: false,
      browser: guard.browser,
    };
    asked = [];
    resumed = returnTo({ keyring: domain.keyring, clock: systemClock });
    const arrivals = { expect: () => undefined, begin: async () => false };
    const app = new Koa();
    fixUrls(app.request, issuer);
    app.use(requestId()).use(errorBoundary({ log: silent, present: errorPresenter(show) }));
    app.use(
      forgotPasswordPages([onTheirOwn(FORGOT_PASSWORD_PATHS, arrivals), inDoi], {
        arrivals,
        botCheck: botCheck({ checks: undefined, guard }),
        codes: domain.codes,
        channels: domain.channels,
        passwordChange: domain.passwordChange,
        passwordReset: { request: async (request) => void asked.push(request) },
        returnTo: resumed,
        stepCookie: sealedCookie<StepState>({ ...sealed, name: 'proof' }),
        mailsAsked: sealedCookie<MailAsked>({ ...sealed, name: 'mail_asked' }),
        submitted: readSubmitted({ guard, bodyBytes }),
        ...{
          guard,
          show,
          clock: systemClock,
          countries: ['TH'],
          lifetime: 300,
          resendAfter: 60,
          passwordLeast: 8,
        },
        originOf: () => ({ address: '192.0.2.1' }),
      }),
    );
    const { port } = await serve(app);
    person = visitor({ url: `http://127.0.0.1:${port}`, domain });
  });
  afterEach(stopAll);

  it('is requested in the field of the mobile, on its own', async () => {
    expect((await person.open('/forgot-password')).page).to.include('Mobile number or e-mail address');
    const answer = await person.send('/forgot-password', { login: ' Somchai@Example.com ' });
    expect(answer.location).to.equal('/forgot-password/sent');
    expect(asked).to.deep.equal([
      {
        email: 'Somchai@example.com',
        resetUri: '/reset-password',
        locale: 'en',
        query: {},
        origin: { address: '192.0.2.1' },
      },
    ]);
    const sent = await person.open('/forgot-password/sent');
    expect(headingOf(sent)).to.equal('Check your e-mail');
    expect(sent.page).to.include('Somchai@example.com').and.not.include('/interaction/');
    expect(sent.page).to.include('href="/forgot-password"').and.include('href="/account"');
  });

  it('is sent once more to anyone who asks for that, and to the same address', async () => {
    await person.open('/forgot-password');
    await person.send('/forgot-password', { login: 'somchai@example.com' });
    await person.open('/forgot-password/sent');
    expect((await person.send('/forgot-password/sent', { csrf: 'x' })).status).to.equal(403);
    await person.open('/forgot-password/sent');
    const again = await person.send('/forgot-password/sent', { email: 'other@example.com' });
    expect([again.status, again.location]).to.deep.equal([303, '/forgot-password/sent?again=yes']);
    expect(asked.map(({ email }) => email)).to.deep.equal(['somchai@example.com', 'somchai@example.com']);
    expect((await person.open(again.location)).page).to.include(
      'we have sent it another <span class="whole">e-mail</span>',
    );
    await person.open('/forgot-password');
    person.agent.setCookie('mail_asked', 'planted', '/forgot-password');
    expect((await person.send('/forgot-password/sent')).location).to.equal('/forgot-password');
  });

  it('takes along where the sign-in begins again, and leads back to the one that waits', async () => {
    expect((await person.open('/interaction/1/forgot-password')).page).to.include(
      'value="somchai@example.com"',
    );
    await person.send('/interaction/1/forgot-password', { login: 'somchai@example.com' });
    const [request] = asked;
    expect(request?.locale).to.equal('th');
    expect(resumed.open(request?.query?.resume)).to.equal(ORIGINAL_URL);
    expect((await person.open('/interaction/1/forgot-password/sent')).page)
      .to.include('href="/interaction/1"')
      .and.include('Doi');
  });

  it('asks again for what is neither, and shows nothing of a mail that nobody asked for', async () => {
    await person.open('/forgot-password');
    for (const login of [
      '',
      'nobody',
      'a@b',
      'a@example.com b@example.com',
      `${'a'.repeat(200)}@example.com`,
    ]) {
      const answer = await person.send('/forgot-password', { login });
      expect(answer.status).to.equal(400);
      expect(alertsOf(answer)).to.deep.equal(['Enter your mobile number or e-mail address.']);
    }
    expect(asked).to.deep.equal([]);
    expect((await person.open('/forgot-password/sent')).location).to.equal('/forgot-password');
  });
});
