import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { BrowserAgent } from '../../test/support/browser-agent.ts';
import type { Parameters } from '../../test/support/code-flow.ts';
import { group, SPECS } from '../check.ts';
import { CONSENT_PAGE, clientUrl, errorAt, LOGIN_PAGE, open, signIn } from '../flow.ts';

/** Markup, and characters that end an attribute. */
const HINT = 'a"><b>@example.com';

export const prompts = group('prompts', (check) => {
  check('login', `${SPECS.core} §3.1.2.1`, 'login asks again, and auth_time is later', async (target) => {
    const { agent, client, claims } = await signIn(target, { max_age: '10000' });
    await target.wait(2);
    expect(await (await open(target, client, { prompt: 'login' }, agent)).text()).to.include(LOGIN_PAGE);
    const again = await signIn(target, { prompt: 'login', max_age: '10000' }, { client, agent });
    expect(again.claims.auth_time).to.be.above(Number(claims.auth_time));
    expect(again.claims.sub).to.equal(claims.sub);
  });

  check(
    'none',
    `${SPECS.core} §3.1.2.6`,
    'none without a session is an error and no page',
    async (target) => {
      const error = errorAt(await open(target, await target.client(), { prompt: 'none' }));
      expect(error).to.equal('login_required');
    },
  );

  check('none-session', `${SPECS.core} §3.1.2.1`, 'none in a session succeeds at once', async (target) => {
    const { agent, client, claims } = await signIn(target, { max_age: '10000' });
    const silent = await signIn(target, { prompt: 'none', max_age: '10000' }, { client, agent });
    expect(silent.claims).to.include({ sub: claims.sub, auth_time: claims.auth_time });
  });

  check(
    'none-combined',
    `${SPECS.core} §3.1.2.1`,
    'none beside another value is an error',
    async (target) => {
      const answer = await open(target, await target.client(), { prompt: 'none login' });
      expect(errorAt(answer)).to.equal('invalid_request');
    },
  );

  check('consent', `${SPECS.core} §3.1.2.1`, 'consent asks for it again', async (target) => {
    const { agent, client } = await signIn(target);
    const page = await (await open(target, client, { prompt: 'consent' }, agent)).text();
    expect(page).to.match(CONSENT_PAGE);
  });

  check(
    'max-age',
    `${SPECS.core} §3.1.2.1`,
    'an older sign-in than max_age is asked again',
    async (target) => {
      const { agent, client, claims } = await signIn(target, { max_age: '10000' });
      await target.wait(2);
      expect(await (await open(target, client, { max_age: '1' }, agent)).text()).to.include(LOGIN_PAGE);
      const again = await signIn(target, { max_age: '1' }, { client, agent });
      expect(again.claims.auth_time).to.be.above(Number(claims.auth_time));
      expect(again.claims.auth_time).to.be.closeTo(Date.now() / 1000, 60);
    },
  );

  check(
    'max-age-long',
    `${SPECS.core} §3.1.2.1`,
    'a younger one is not, and keeps its time',
    async (target) => {
      const { agent, client, claims } = await signIn(target, { max_age: '15000' });
      const again = await signIn(target, { max_age: '10000', prompt: 'none' }, { client, agent });
      expect(claims.auth_time).to.be.a('number').and.equal(again.claims.auth_time);
    },
  );

  check(
    'id-token-hint',
    `${SPECS.core} §3.1.2.1`,
    'id_token_hint of another person is no session',
    async (target) => {
      const { agent, client, tokens } = await signIn(target);
      const silent = (hint: string) => open(target, client, { prompt: 'none', id_token_hint: hint }, agent);
      expect(clientUrl(await silent(tokens.id_token)).searchParams.has('code')).to.equal(true);
      const other = await signIn(target, {}, { client, person: target.stranger });
      expect(decodeJwt(other.tokens.id_token).sub).to.not.equal(decodeJwt(tokens.id_token).sub);
      expect(errorAt(await silent(other.tokens.id_token))).to.equal('login_required');
    },
  );

  check('login-hint', `${SPECS.core} §3.1.2.1`, 'login_hint is in the field, escaped', async (target) => {
    const client = await target.client();
    const page = await (await open(target, client, { login_hint: target.person.login })).text();
    expect(page).to.include(`value="${target.person.login}"`);
    expect(await (await open(target, client, { login_hint: HINT })).text()).to.not.include('"><b>');
  });

  check(
    'locales',
    `${SPECS.core} §3.1.2.1`,
    'ui_locales chooses a language of ours, others do no harm',
    async (target) => {
      const client = await target.client();
      const page = async (params: Parameters): Promise<string> => (await open(target, client, params)).text();
      for (const locale of ['th', 'en'])
        expect(await page({ ui_locales: `se ${locale}` })).to.match(
          new RegExp(`<html[^>]* lang="${locale}"`),
        );
      for (const params of [{ ui_locales: 'se' }, { claims_locales: 'se' }, { ui_locales: '"><b>' }])
        expect(await page(params))
          .to.include(LOGIN_PAGE)
          .and.not.include('"><b>');
    },
  );

  for (const display of ['page', 'popup', 'touch'])
    check(
      `display-${display}`,
      `${SPECS.core} §3.1.2.1`,
      `display=${display} shows the sign-in`,
      async (target) => {
        const answer = await open(target, await target.client(), { display });
        expect(await answer.text()).to.include(LOGIN_PAGE);
      },
    );

  check('acr-values', `${SPECS.core} §3.1.2.1`, 'acr is one of those that are announced', async (target) => {
    const announced = target.metadata.acr_values_supported as string[];
    const { claims } = await signIn(target, {
      acr_values: announced.filter((acr) => !/mfa/.test(acr)).join(' '),
    });
    expect(claims.acr).to.be.oneOf(announced);
  });

  check(
    'essential-acr',
    `${SPECS.core} §5.5.1.1`,
    'an acr that cannot be reached is an error',
    async (target) => {
      const wanted = JSON.stringify({
        id_token: { acr: { essential: true, value: 'urn:conformance:none' } },
      });
      const { agent, client } = await signIn(target);
      const answer = await open(target, client, { claims: wanted, prompt: 'none' }, agent);
      expect(errorAt(answer)).to.match(
        /^(?:unmet_authentication_requirements|(?:login|interaction)_required)$/,
      );
    },
  );

  check('cancel', 'RFC 6749 §4.1.2.1', 'cancelling ends at the client', async (target) => {
    const agent = new BrowserAgent();
    const page = await (await open(target, await target.client(), {}, agent)).text();
    const action = /action="(\/interaction\/[\w-]+\/abort)"/.exec(page)?.[1];
    expect(action, 'a way to cancel').to.be.a('string');
    const { searchParams } = clientUrl(await agent.submit(action ?? '', {}, page));
    expect(searchParams.get('error')).to.equal('access_denied');
    expect(searchParams.get('state')).to.equal('state-1');
  });
});
