import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { BrowserAgent } from '../../test/support/browser-agent.ts';
import { requestUrl } from '../../test/support/code-flow.ts';
import { signInOnPages } from '../../test/support/sign-in.ts';
import { group, SPECS } from '../check.ts';
import {
  authorizeFapi,
  type Changes,
  type FapiClient,
  fapiClient,
  newKey,
  proofFor,
  push,
  pushedUrl,
  redeemFapi,
  requestFor,
} from '../fapi-client.ts';
import { LOGIN_PAGE, verified } from '../flow.ts';
import { json, type Target } from '../target.ts';
import { LONG_STATE } from './happy-flow.ts';

const REQUESTS = `${SPECS.fapi} §5.3.2.2`;
const CLIENTS = `${SPECS.fapi} §5.3.2.1`;

const outcome = ({ status, body }: Awaited<ReturnType<typeof push>>): string =>
  status === 201 ? 'pushed' : `${status} ${body.error}`;

const pushing = async (target: Target, client: FapiClient, changes: Changes): Promise<string> =>
  outcome(await push(target, client, requestFor(client).request, changes));

/** Whether a request is refused at the authorization endpoint instead of showing the sign-in. */
async function isRefused(url: string, agent = new BrowserAgent()): Promise<boolean> {
  const answer = await agent.follow(url);
  const page = await answer.text();
  return !page.includes(LOGIN_PAGE) && !/[?&]code=/.test(answer.headers.get('location') ?? '');
}

export const fapiRequests = group('fapi-requests', (check) => {
  check(
    'metadata',
    `${SPECS.fapi} §5.3.2.1`,
    'are announced: PAR, iss and the algorithms',
    async ({ metadata }) => {
      expect(metadata.authorization_response_iss_parameter_supported).to.equal(true);
      expect(metadata.pushed_authorization_request_endpoint).to.be.a('string');
      expect(metadata.require_pushed_authorization_requests ?? false).to.be.a('boolean');
      expect(metadata.token_endpoint_auth_methods_supported).to.include('private_key_jwt');
      expect(metadata.token_endpoint_auth_signing_alg_values_supported).to.include.members([
        'PS256',
        'ES256',
      ]);
    },
  );

  check('response', REQUESTS, 'answer with code, exact state and issuer', async (target) => {
    const nonce = 'n'.repeat(64);
    const client = await fapiClient(target);
    const { back, ...granted } = await authorizeFapi(target, client, { state: LONG_STATE, nonce });
    expect(back.searchParams.get('iss')).to.equal(target.url);
    expect(back.searchParams.get('state')).to.equal(LONG_STATE);
    const { body } = await redeemFapi(target, client, granted);
    expect((await verified(target, body.id_token, { audience: client.id })).payload.nonce).to.equal(nonce);
  });

  const wrong: Record<string, Record<string, string | undefined>> = {
    'without PKCE': { code_challenge: undefined, code_challenge_method: undefined },
    'with plain PKCE': { code_challenge_method: 'plain' },
    'for a token': { response_type: 'token', nonce: 'n' },
    'for a code and an ID token': { response_type: 'code id_token', nonce: 'n' },
    'without a redirect URI': { redirect_uri: undefined },
    'with another redirect URI': { redirect_uri: 'https://client.example/other' },
    'with a request_uri inside': { request_uri: 'urn:ietf:params:oauth:request_uri:x' },
  };
  for (const [name, params] of Object.entries(wrong))
    check(name.replaceAll(' ', '-').toLowerCase(), REQUESTS, `are refused ${name}`, async (target) => {
      const client = await fapiClient(target);
      const { status, body } = await push(target, client, requestFor(client, params).request);
      expect(status).to.equal(400);
      expect(body.error).to.be.a('string');
    });

  check('not-pushed', REQUESTS, 'are refused when they are not pushed', async (target) => {
    const client = await fapiClient(target);
    expect(await isRefused(requestUrl(target, client, requestFor(client).request))).to.equal(true);
  });

  check('by-get', 'RFC 9126 §2', 'are not pushed by GET', async (target) => {
    const { status } = await json(target.endpoint('pushed_authorization_request_endpoint'));
    expect(status).to.be.within(400, 499);
  });

  check('of-client', 'RFC 9126 §2.2', 'belong to the client that pushed them', async (target) => {
    const [client, other] = [await fapiClient(target), await fapiClient(target)];
    const { body } = await push(target, client, requestFor(client).request);
    expect(await isRefused(pushedUrl(target, other, body.request_uri))).to.equal(true);
  });

  check(
    'reload',
    `${SPECS.fapi} §5.3.2.2`,
    'can be loaded again until the sign-in is done',
    async (target) => {
      const client = await fapiClient(target);
      const { body } = await push(target, client, requestFor(client).request);
      expect(body.expires_in).to.be.within(1, 600);
      const url = pushedUrl(target, client, body.request_uri);
      const agent = new BrowserAgent();
      for (let turn = 0; turn < 2; turn += 1)
        expect(await (await agent.follow(url)).text()).to.include(LOGIN_PAGE);
      expect((await signInOnPages(agent, url, target.person)).searchParams.has('code')).to.equal(true);
      expect(await isRefused(url)).to.equal(true);
    },
  );

  check('expired', 'RFC 9126 §2.2', 'are over after their time', async (target) => {
    const client = await fapiClient(target);
    const { body } = await push(target, client, requestFor(client).request);
    await target.wait(body.expires_in + 62);
    expect(await isRefused(pushedUrl(target, client, body.request_uri))).to.equal(true);
  });

  check(
    'dpop-jkt',
    'RFC 9449 §10.1',
    'with another key in dpop_jkt than in the proof are refused',
    async (target) => {
      const client = await fapiClient(target);
      const dpop = await proofFor(client, ['POST', target.endpoint('pushed_authorization_request_endpoint')]);
      const { request } = requestFor(client, { dpop_jkt: 'x'.repeat(43) });
      expect((await push(target, client, request, {}, { dpop })).status).to.equal(400);
    },
  );

  check('audience', CLIENTS, 'take an assertion for the issuer alone, as a text', async (target) => {
    const client = await fapiClient(target);
    expect(await pushing(target, client, {})).to.equal('pushed');
    const { url } = target;
    for (const aud of [[url, 'https://x.example'], target.endpoint('token_endpoint'), `${url}/oauth/par`])
      expect(await pushing(target, client, { claims: { aud } }), String(aud)).to.equal('401 invalid_client');
  });

  check('assertion', CLIENTS, 'refuse an assertion that is wrong in anything', async (target) => {
    const client = await fapiClient(target);
    const now = Math.floor(Date.now() / 1000);
    const wrong: Changes[] = [
      ...[{ claims: { iss: 'other' } }, { claims: { exp: undefined } }, { claims: { exp: now - 120 } }],
      ...[{ claims: { jti: undefined } }, { claims: { iat: now + 65 } }, { claims: { nbf: now + 65 } }],
      { key: await newKey() },
    ];
    for (const changes of wrong)
      expect(await pushing(target, client, changes), JSON.stringify(changes.claims)).to.match(/^40[01] /);
    for (const claims of [{ iat: now + 8 }, { nbf: now + 8 }])
      expect(await pushing(target, client, { claims }), JSON.stringify(claims)).to.equal('pushed');
  });

  check('assertion-once', CLIENTS, 'take an assertion once', async (target) => {
    const client = await fapiClient(target);
    const claims = { jti: randomUUID() };
    expect(await pushing(target, client, { claims })).to.equal('pushed');
    expect(await pushing(target, client, { claims })).to.equal('401 invalid_client');
  });

  check(
    'algorithms',
    `${SPECS.fapi} §5.4.1`,
    'take assertions by PS256, ES256 and Ed25519, not by RS256',
    async (target) => {
      for (const alg of ['PS256', 'ES256', 'Ed25519'])
        expect(await pushing(target, await fapiClient(target, {}, alg), {}), alg).to.equal('pushed');
      const rsa = await fapiClient(target, {}, 'RS256');
      expect(await pushing(target, rsa, {})).to.equal('401 invalid_client');
    },
  );
});
