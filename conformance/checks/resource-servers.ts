import { expect } from 'chai';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { basic } from '../../test/support/code-flow.ts';
import { group, notApplicable } from '../check.ts';
import { authenticated, authorizeFapi, fapiClient, redeemFapi } from '../fapi-client.ts';
import { signIn, verified } from '../flow.ts';
import { introspectSigned, SIGNED_INTROSPECTION } from '../introspection.ts';
import { json, postForm, type Target } from '../target.ts';

const PATH = '/.well-known/oauth-protected-resource';

const needsSigned = ({ metadata }: Target): void =>
  metadata.introspection_signing_alg_values_supported === undefined
    ? notApplicable('not announced')
    : undefined;

/** The responses for resource servers about tokens (RFC 9701), and the metadata about them (RFC 9728). */
export const resourceServers = group('resource-servers', (check) => {
  check('signed', 'RFC 9701 §5', 'get introspection responses as JWTs that are for them', async (target) => {
    needsSigned(target);
    const { client, answer, sub } = await introspectSigned(target);
    expect(answer.headers.get('content-type')).to.match(/^application\/token-introspection\+jwt/);
    expect(decodeProtectedHeader(answer.body).typ).to.equal('token-introspection+jwt');
    await verified(target, answer.body, { audience: client.id });
    const { token_introspection: said, ...claims } = decodeJwt(answer.body);
    expect(said).to.include({ active: true, client_id: client.id, sub });
    // only claims about the response itself, so that it cannot be mistaken for another kind of token
    expect(Object.keys(claims).sort()).to.deep.equal(['aud', 'iat', 'iss']);
  });

  check('signed-inactive', 'RFC 9701 §5', 'get nothing but that a token is not active', async (target) => {
    needsSigned(target);
    const client = await target.client();
    const headers = { authorization: basic(client), accept: SIGNED_INTROSPECTION };
    const url = target.endpoint('introspection_endpoint');
    const { body } = await postForm(url, { token: 'unknown' }, headers);
    expect(decodeJwt(body).token_introspection).to.deep.equal({ active: false });
  });

  check('signed-fapi', 'FAPI 2.0 Message Signing §5.5.1', 'get them by ES256 in FAPI 2.0', async (target) => {
    needsSigned(target);
    const client = await fapiClient(target);
    const { body } = await redeemFapi(target, client, await authorizeFapi(target, client));
    const url = target.endpoint('introspection_endpoint');
    const fields = { token: body.access_token, ...(await authenticated(target, client)) };
    const answer = await postForm(url, fields, { accept: SIGNED_INTROSPECTION });
    expect(decodeProtectedHeader(answer.body).alg).to.equal('ES256');
    await verified(target, answer.body, { audience: client.id });
    expect(decodeJwt(answer.body).token_introspection).to.include({ active: true, token_type: 'DPoP' });
  });

  check('unsigned', 'RFC 7662 §2.2', 'get JSON where they do not ask for a JWT', async (target) => {
    const { client, tokens } = await signIn(target);
    const url = target.endpoint('introspection_endpoint');
    const headers = { authorization: basic(client), accept: 'application/json' };
    const answer = await postForm(url, { token: tokens.access_token }, headers);
    expect(answer.headers.get('content-type')).to.match(/^application\/json/);
    expect(answer.body.active).to.equal(true);
  });

  check('metadata', 'RFC 9728 §3', 'have metadata that name the issuer', async (target) => {
    const { status, headers, body } = await json(target.url + PATH);
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.match(/^application\/json/);
    expect(body.resource).to.equal(target.url);
    expect(body.authorization_servers).to.deep.equal([target.url]);
    expect(body.scopes_supported).to.include('openid');
  });

  check('challenge', 'RFC 9728 §5.1', 'refer to their metadata in a challenge', async (target) => {
    const refused = await json(`${target.url}/admin/v1/accounts`);
    expect(refused.status).to.equal(401);
    const [, url = ''] =
      /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '') ?? [];
    const { body } = await json(url);
    // §3.3: the metadata describe the resource whose URL led to them
    expect(url).to.equal(String(body.resource).replace(target.url, target.url + PATH));
    expect(body.authorization_servers).to.deep.equal([target.url]);
  });
});
