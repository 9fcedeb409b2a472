import { expect } from 'chai';
import { notApplicable } from '../check.ts';
import { keysWith, mutualEndpoint, showing, thumbprintOf } from '../client-certificate.ts';
import { type Answer, type Metadata, postForm, type RegisteredClient, type Target } from '../target.ts';
import type { Use, Uses } from './use.ts';

const PROGRAM = {
  ...{ grant_types: ['client_credentials'], redirect_uris: [], response_types: [] },
  scope: undefined,
};

const program = (target: Target, metadata: Metadata): Promise<RegisteredClient> =>
  target.client({ ...PROGRAM, ...metadata });

/** Sends the token request of a program that presents a certificate. */
const tokenBy = (target: Target, name: 'own' | 'client', { id }: RegisteredClient): Promise<Answer> =>
  showing(name, mutualEndpoint(target, 'token_endpoint'), {
    fields: { grant_type: 'client_credentials', client_id: id },
  });

/** Expects a token with the right certificate, and an error with the wrong one. */
async function useMethod(
  target: Target,
  metadata: Metadata,
  [right, wrong]: ['own' | 'client', 'own' | 'client'],
) {
  const client = await program(target, metadata);
  const given = await tokenBy(target, right, client);
  expect(given.status, JSON.stringify(given.body)).to.equal(200);
  const refused = await tokenBy(target, wrong, client);
  expect([refused.status, refused.body.error]).to.deep.equal([401, 'invalid_client']);
}

const SELF_SIGNED = { token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks: keysWith('own') };

/** The client authentication methods with certificates (RFC 8705 §2). */
export const certificateAuthentication: Readonly<Record<string, Use>> = {
  self_signed_tls_client_auth: (target) => useMethod(target, SELF_SIGNED, ['own', 'client']),
  async tls_client_auth(target) {
    if (!target.trustsAuthority) return notApplicable('no authority of client certificates was given');
    const method = { token_endpoint_auth_method: 'tls_client_auth' };
    await useMethod(target, { ...method, tls_client_auth_san_dns: 'client.example' }, ['client', 'own']);
  },
};

/** The announced members for client certificates (RFC 8705 §3.3, §5). */
export const certificates: Uses = {
  tls_client_certificate_bound_access_tokens: {
    async true(target) {
      const bound = { ...SELF_SIGNED, tls_client_certificate_bound_access_tokens: true };
      const client = await program(target, bound);
      const { body } = await tokenBy(target, 'own', client);
      const fields = { client_id: client.id, token: body.access_token };
      const url = mutualEndpoint(target, 'introspection_endpoint');
      const { cnf } = (await showing('own', url, { fields })).body;
      expect(cnf).to.deep.equal({ 'x5t#S256': thumbprintOf('own') });
    },
  },
  async mtls_endpoint_aliases(target) {
    const { mtls_endpoint_aliases: aliases } = target.metadata;
    const names = Object.keys(aliases as object);
    expect(names).to.include.members(['token_endpoint', 'userinfo_endpoint']);
    for (const name of names) {
      expect(target.metadata, name).to.have.property(name);
      // each alias is the endpoint of that name: both refuse an empty request in the same way
      const [alias, plain] = [mutualEndpoint(target, name), target.endpoint(name)];
      const answer = await showing(undefined, alias, { fields: {} });
      const same = await postForm(plain, {});
      expect([answer.status, answer.body.error], name).to.deep.equal([same.status, same.body.error]);
    }
  },
};
