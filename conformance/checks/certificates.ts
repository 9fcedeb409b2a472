import { expect } from 'chai';
import { BrowserAgent } from '../../test/support/browser-agent.ts';
import { CERTIFICATES } from '../../test/support/client-certificates.ts';
import { authorize, basic } from '../../test/support/code-flow.ts';
import { group, notApplicable } from '../check.ts';
import { type CertificateName, mutualEndpoint, showing, thumbprintOf } from '../client-certificate.ts';
import { postForm, type Target } from '../target.ts';

const SPEC = 'RFC 8705';

/** Redeems a code with or without a certificate. `answer` is the response of the token endpoint. */
async function signInShowing(target: Target, name: CertificateName | undefined) {
  if (target.metadata.tls_client_certificate_bound_access_tokens !== true)
    return notApplicable('not announced');
  const client = await target.client({ tls_client_certificate_bound_access_tokens: true });
  const { code, verifier } = await authorize(target, client, {}, new BrowserAgent(), target.person);
  const answer = await showing(name, mutualEndpoint(target, 'token_endpoint'), {
    headers: { authorization: basic(client) },
    fields: {
      ...{ grant_type: 'authorization_code', code },
      ...{ code_verifier: verifier, redirect_uri: client.redirectUri },
    },
  });
  return { client, answer, token: String(answer.body.access_token) };
}

export const certificates = group('certificates', (check) => {
  check('bound', `${SPEC} §3`, 'bind the tokens of a client that registered for it', async (target) => {
    const { answer, token } = await signInShowing(target, 'own');
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    const url = mutualEndpoint(target, 'userinfo_endpoint');
    const userinfo = async (name: CertificateName | undefined): Promise<number> =>
      (await showing(name, url, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await userinfo('own')).to.equal(200);
    expect([await userinfo('other'), await userinfo(undefined)]).to.deep.equal([401, 401]);
  });

  check('required', `${SPEC} §3`, 'have to be shown by such a client', async (target) => {
    const { answer } = await signInShowing(target, undefined);
    expect([answer.status, answer.body.error]).to.deep.equal([400, 'invalid_grant']);
  });

  check('confirmation', `${SPEC} §3.2`, 'are named by the introspection of a token', async (target) => {
    const { client, token } = await signInShowing(target, 'own');
    const url = target.endpoint('introspection_endpoint');
    const { body } = await postForm(url, { token }, { authorization: basic(client) });
    expect(body.cnf).to.deep.equal({ 'x5t#S256': thumbprintOf('own') });
  });

  check('headers', `${SPEC} §6.5`, 'cannot be named by a header of the client', async (target) => {
    const { token } = await signInShowing(target, 'own');
    const forged = {
      'x-ssl-client-cert': encodeURIComponent(CERTIFICATES.own.cert),
      'x-ssl-client-verify': 'SUCCESS',
      'x-forwarded-client-cert': `Cert="${encodeURIComponent(CERTIFICATES.own.cert)}"`,
    };
    for (const url of [target.endpoint('userinfo_endpoint'), mutualEndpoint(target, 'userinfo_endpoint')]) {
      const headers = { authorization: `Bearer ${token}`, ...forged };
      expect((await showing(undefined, url, { headers })).status, url).to.equal(401);
    }
  });
});
