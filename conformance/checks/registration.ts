import { expect } from 'chai';
import { exportJWK, generateKeyPair } from 'jose';
import { group, notApplicable, SPECS } from '../check.ts';
import { open, signIn } from '../flow.ts';
import type { Party } from '../party.ts';
import { type Answer, CALLBACK, json, type Metadata, type Target } from '../target.ts';

/** Registers a client with an initial access token. */
async function register(target: Target, metadata: Metadata): Promise<Answer> {
  if (!target.initialAccessToken) return notApplicable('no initial access token was given');
  return json(target.endpoint('registration_endpoint'), {
    method: 'POST',
    body: JSON.stringify({ redirect_uris: [CALLBACK], ...metadata }),
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await target.initialAccessToken()}`,
    },
  });
}

/** Sends a management request for the registration (RFC 7592). */
const managed = ({ body }: Answer, init: RequestInit = {}): Promise<Answer> =>
  json(body.registration_client_uri, {
    ...init,
    headers: { authorization: `Bearer ${body.registration_access_token}` },
  });

const partyOf = ({ party }: Target): Party =>
  party ?? notApplicable('the server cannot reach a host of ours');

export const registration = group('registration', (check) => {
  check('response', 'RFC 7591 §3.2.1', 'answers with everything that was registered', async (target) => {
    const answer = await register(target, { client_name: 'Registered' });
    expect(answer.status).to.equal(201);
    expect(answer.headers.get('cache-control')).to.include('no-store');
    expect(answer.body).to.include({ client_name: 'Registered', client_secret_expires_at: 0 });
    expect(answer.body).to.include.keys('client_id', 'client_secret', 'registration_client_uri');
    const { client_id: id, client_secret: secret } = answer.body;
    const client = { id, secret, redirectUri: CALLBACK, metadata: answer.body };
    await signIn(target, {}, { client });
    expect((await managed(answer, { method: 'DELETE' })).status).to.equal(204);
    expect((await managed(answer)).status).to.equal(401);
  });

  check('fragment', `${SPECS.registration} §2`, 'refuses a redirect URI with a fragment', async (target) => {
    const { status, body } = await register(target, { redirect_uris: [`${CALLBACK}#fragment`] });
    expect(status).to.equal(400);
    expect(body.error).to.be.oneOf(['invalid_redirect_uri', 'invalid_client_metadata']);
  });

  check('jwks-uri', `${SPECS.registration} §2`, 'takes keys by jwks_uri', async (target) => {
    const { url, documents } = partyOf(target);
    const { publicKey } = await generateKeyPair('ES256');
    documents.set('/registered.json', { keys: [await exportJWK(publicKey)] });
    const jwksUri = `${url}/registered.json`;
    const answer = await register(target, {
      jwks_uri: jwksUri,
      token_endpoint_auth_method: 'private_key_jwt',
    });
    expect([answer.status, answer.body.jwks_uri]).to.deep.equal([201, jwksUri]);
  });

  check(
    'sector',
    `${SPECS.registration} §5`,
    'takes the document of a sector that lists the URIs',
    async (target) => {
      const { url, documents } = partyOf(target);
      const uris = ['https://one.example/cb', 'https://two.example/cb'];
      documents.set('/sector.json', uris);
      const members = { subject_type: 'pairwise', redirect_uris: uris };
      const good = await register(target, { ...members, sector_identifier_uri: `${url}/sector.json` });
      expect(good.status).to.equal(201);
      documents.set('/other-sector.json', [uris[0]]);
      const bad = await register(target, {
        ...members,
        sector_identifier_uri: `${url}/other-sector.json`,
      });
      expect([bad.status, bad.body.error]).to.deep.equal([400, 'invalid_client_metadata']);
    },
  );

  check(
    'links',
    `${SPECS.registration} §2`,
    'shows logo, policy and terms where people sign in',
    async (target) => {
      const links = { policy_uri: 'https://client.example/policy', tos_uri: 'https://client.example/terms' };
      const client = await target.client({ ...links, logo_uri: 'https://client.example/logo.png' });
      const page = await (await open(target, client)).text();
      for (const link of Object.values(links)) expect(page).to.include(`href="${link}"`);
      // through the server: the client's host does not learn who signs in
      expect(page)
        .to.match(/<img[^>]* src="\/[^"]+"/)
        .and.not.include('src="https://client.example');
    },
  );

  check('initiate-login', `${SPECS.core} §4`, 'keeps initiate_login_uri, by https only', async (target) => {
    const uri = 'https://client.example/start';
    const answer = await register(target, { initiate_login_uri: uri });
    expect((await managed(answer)).body.initiate_login_uri).to.equal(uri);
    const refused = await register(target, { initiate_login_uri: 'http://client.example/start' });
    expect([refused.status, refused.body.error]).to.deep.equal([400, 'invalid_client_metadata']);
  });
});
