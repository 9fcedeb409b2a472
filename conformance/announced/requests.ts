import { expect } from 'chai';
import { BrowserAgent } from '../../test/support/browser-agent.ts';
import { requestUrl } from '../../test/support/code-flow.ts';
import { signInOnPages } from '../../test/support/sign-in.ts';
import { logout } from '../checks/logout.ts';
import { detailsAt, signInWithDetail } from '../details.ts';
import { clientUrl, errorAt, open, signIn, userinfoOf, verified } from '../flow.ts';
import type { Target } from '../target.ts';
import { each, type Use, type Uses } from './use.ts';

/** Returns the parameters of a response in any response mode, and the part of the response that contains them. */
async function responseBy(target: Target, mode: string) {
  const { agent, client } = await signIn(target);
  const answer = await agent.follow(requestUrl(target, client, { response_mode: mode, prompt: 'none' }));
  if (!answer.headers.has('location')) {
    const fields = [...(await answer.text()).matchAll(/<input[^>]* name="([^"]+)" value="([^"]*)"/g)];
    return { part: 'form', client, params: new URLSearchParams(fields.map(([, n = '', v = '']) => [n, v])) };
  }
  const { search, hash } = clientUrl(answer);
  const part = hash ? 'fragment' : 'query';
  return { part, client, params: new URLSearchParams(hash ? hash.slice(1) : search) };
}

const modes: Record<string, { part: string; isJwt: boolean }> = {
  query: { part: 'query', isJwt: false },
  fragment: { part: 'fragment', isJwt: false },
  form_post: { part: 'form', isJwt: false },
  jwt: { part: 'query', isJwt: true },
  'query.jwt': { part: 'query', isJwt: true },
  'fragment.jwt': { part: 'fragment', isJwt: true },
  'form_post.jwt': { part: 'form', isJwt: true },
};

async function useMode(target: Target, mode: string): Promise<void> {
  const { part, client, params } = await responseBy(target, mode);
  const { part: expected, isJwt } = modes[mode] ?? {};
  expect(part).to.equal(expected);
  if (!isJwt) return void expect(params.get('code')).to.be.a('string').and.not.equal('');
  const { payload } = await verified(target, params.get('response') ?? '', { audience: client.id });
  expect(payload).to.include({ state: 'state-1' }).and.include.keys('code', 'exp');
}

const essential = (acr: string): string =>
  JSON.stringify({ id_token: { acr: { essential: true, value: acr } } });

/** Requests the value as essential, so that the server must offer a way to it or explain that it cannot. */
async function useAcr(target: Target, acr: string): Promise<void> {
  const client = await target.client();
  const answer = await open(target, client, { claims: essential(acr) });
  expect([answer.status, answer.headers.get('location')]).to.deep.equal([200, null]);
  expect(await answer.text()).to.match(/action="\/interaction\//);
}

const backchannel: Use = async (target) => {
  await logout.checks.find(({ id }) => id === 'logout-backchannel')?.run(target);
};

/** The parameters of an authorization request. */
export const requests: Uses = {
  response_types_supported: {
    code: async (target) =>
      void expect((await signIn(target)).back.searchParams.get('code')).to.be.a('string'),
  },
  response_modes_supported: each(Object.keys(modes), useMode),
  code_challenge_methods_supported: {
    async S256(target) {
      const client = await target.client({ token_endpoint_auth_method: 'none' });
      expect((await signIn(target, {}, { client })).tokens.access_token).to.be.a('string');
    },
  },
  acr_values_supported: {
    async 'urn:pratu:acr:password'(target) {
      const { claims } = await signIn(target, { claims: essential('urn:pratu:acr:password') });
      expect(claims.acr).to.equal('urn:pratu:acr:password');
    },
    ...each(
      ['urn:pratu:acr:sms', 'urn:pratu:acr:email', 'urn:pratu:acr:passkey', 'urn:pratu:acr:mfa'],
      useAcr,
    ),
  },
  claims_parameter_supported: {
    async true(target) {
      const { tokens } = await signIn(target, { claims: JSON.stringify({ userinfo: { nickname: null } }) });
      expect(await userinfoOf(target, tokens.access_token)).to.have.all.keys('sub', 'nickname');
    },
  },
  // operators define the types: the purpose of each is in its schema
  async authorization_details_types_supported(target) {
    const { client, tokens } = await signInWithDetail(target);
    expect(await detailsAt(target, client, tokens.access_token)).to.deep.equal([target.detail]);
  },
  request_parameter_supported: {
    // request_object_signing_alg_values_supported uses it with each algorithm
    async true(target) {
      const answer = await open(target, await target.client(), { request: 'none' });
      const said = answer.headers.has('location') ? errorAt(answer) : await answer.text();
      expect(said).to.include('invalid_request_object');
    },
  },
  request_uri_parameter_supported: {
    async false(target) {
      const answer = await open(target, await target.client(), { request_uri: 'https://client.example/r' });
      const said = answer.headers.has('location') ? errorAt(answer) : await answer.text();
      expect(said).to.include('request_uri_not_supported');
    },
  },
  authorization_response_iss_parameter_supported: {
    async true(target) {
      expect((await signIn(target)).back.searchParams.get('iss')).to.equal(target.url);
      const refused = await open(target, await target.client(), { prompt: 'none' });
      expect(clientUrl(refused).searchParams.get('iss')).to.equal(target.url);
    },
  },
  backchannel_logout_supported: { true: backchannel },
  backchannel_logout_session_supported: { true: backchannel },
};

/** Expects that a request leads to a sign-in that ends at the client with a code. */
export async function expectCode(target: Target, url: string): Promise<void> {
  const back = await signInOnPages(new BrowserAgent(), url, target.person);
  expect(back.searchParams.has('code'), back.search).to.equal(true);
}
