import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import * as openid from 'openid-client';
import { BrowserAgent } from '../support/browser-agent.ts';
import { signInOnPages } from '../support/sign-in.ts';
import { describeExample, developmentServer, registerExample } from './example.ts';
import { EMAIL, NAME } from './web-app.ts';

const read = (path: string): string =>
  readFileSync(new URL(`../../examples/appauth/${path}`, import.meta.url), 'utf8');

/** The constants of the Dart file. */
function values(): Record<
  'issuer' | 'clientId' | 'redirectUrl' | 'postLogoutRedirectUrl' | 'scopes',
  string
> {
  const dart = read('flutter/lib/sign_in.dart');
  const text = (name: string): string => new RegExp(`^const ${name} = '([^']+)';`, 'm').exec(dart)?.[1] ?? '';
  const [, scopes = ''] = /^const scopes = \[([^\]]+)\];/m.exec(dart) ?? [];
  return {
    issuer: text('issuer'),
    clientId: text('clientId'),
    redirectUrl: text('redirectUrl'),
    postLogoutRedirectUrl: text('postLogoutRedirectUrl'),
    scopes: scopes.replace(/[',]+/g, ' ').trim().replace(/\s+/g, ' '),
  };
}

describeExample('appauth', {}, () => {
  const { issuer, clientId, redirectUrl, postLogoutRedirectUrl, scopes } = values();
  const agent = new BrowserAgent();
  let server: openid.Configuration;
  let tokens: openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers;

  before(async () => {
    await registerExample('appauth');
    // as AppAuth does: discovery, and a public client
    const { url } = await developmentServer();
    server = await openid.discovery(new URL(url), clientId, undefined, openid.None(), {
      execute: [openid.allowInsecureRequests],
    });
  });

  it('names one scheme in all files, and the address of the README', () => {
    const scheme = new URL(redirectUrl).protocol.slice(0, -1);
    expect(new URL(postLogoutRedirectUrl).protocol).to.equal(`${scheme}:`);
    expect(read('flutter/android/app/build.gradle.kts')).to.include(`"appAuthRedirectScheme" to "${scheme}"`);
    expect(read('flutter/ios/Runner/Info.plist')).to.include(`<string>${scheme}</string>`);
    expect(read('README.md')).to.include(`\`${issuer}\``);
  });

  it('signs in and comes back to the scheme of the app', async () => {
    const verifier = openid.randomPKCECodeVerifier();
    const state = openid.randomState();
    const address = openid.buildAuthorizationUrl(server, {
      redirect_uri: redirectUrl,
      scope: scopes,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
    });
    const back = await signInOnPages(agent, address.href);
    expect(back.href.startsWith(`${redirectUrl}?code=`)).to.equal(true);
    tokens = await openid.authorizationCodeGrant(server, back, {
      pkceCodeVerifier: verifier,
      expectedState: state,
    });
    expect(tokens.claims()).to.include({ name: NAME, email: EMAIL });
  });

  it('renews the tokens without a page', async () => {
    const renewed = await openid.refreshTokenGrant(server, tokens.refresh_token ?? '');
    expect(renewed.refresh_token).to.be.a('string').and.not.equal(tokens.refresh_token);
    const { sub = '' } = tokens.claims() ?? {};
    expect(await openid.fetchUserInfo(server, renewed.access_token, sub)).to.include({ email: EMAIL });
  });

  it('signs out and comes back to the scheme of the app', async () => {
    const address = openid.buildEndSessionUrl(server, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: postLogoutRedirectUrl,
    });
    const page = await (await agent.follow(address.href)).text();
    const answer = await agent.submit('/oauth/logout/confirm', { logout: 'yes' }, page);
    expect(answer.headers.get('location')).to.equal(postLogoutRedirectUrl);
  });
});
