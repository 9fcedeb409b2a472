import { expect } from 'chai';
import {
  CompactEncrypt,
  compactDecrypt,
  createRemoteJWKSet,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtVerify,
} from 'jose';
import { createClient } from '../../support/clients.ts';
import { authorize, basic, redeem, userinfo } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';

const ALGORITHMS = ['RS256', 'PS256', 'ES256'] as const;
const KEY_ENCRYPTION = ['RSA-OAEP-256', 'RSA-OAEP', 'ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A256KW'];

describe('algorithms that a client chooses', () => {
  let server: TestServer;

  before(async () => {
    server = await testServer();
  });

  const verified = async (jwt: string, alg: string) => {
    const keys = createRemoteJWKSet(new URL(`${server.url}/oauth/jwks`));
    const { payload } = await jwtVerify(jwt, keys, { issuer: server.url, algorithms: [alg] });
    return payload;
  };

  for (const alg of ALGORITHMS) {
    it(`sign ID token, userinfo and JARM with ${alg}`, async () => {
      const client = await createClient(server, {
        id_token_signed_response_alg: alg,
        userinfo_signed_response_alg: alg,
        authorization_signed_response_alg: alg,
      });
      const { back, verifier } = await authorize(server, client, { response_mode: 'jwt' });
      const response = await verified(back.searchParams.get('response') ?? '', alg);
      expect(response).to.include({ aud: client.id, state: 'state-1' });
      const { body } = await redeem(server, client, { code: String(response.code), verifier });
      const { sub } = await verified(body.id_token ?? '', alg);
      const answer = await userinfo(server, body.access_token);
      expect(answer.headers.get('content-type')).to.match(/^application\/jwt/);
      expect(await verified(await answer.text(), alg)).to.include({ sub, aud: client.id });
    });
  }

  for (const alg of KEY_ENCRYPTION) {
    it(`encrypt ID token, userinfo and JARM with ${alg} to the client's key`, async () => {
      const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
      const client = await createClient(server, {
        jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'enc-1', use: 'enc', alg }] },
        id_token_encrypted_response_alg: alg,
        id_token_encrypted_response_enc: 'A256GCM',
        userinfo_signed_response_alg: 'PS256',
        userinfo_encrypted_response_alg: alg,
        authorization_encrypted_response_alg: alg,
        authorization_encrypted_response_enc: 'A128CBC-HS256',
      });
      const opened = async (jwe: string, signedWith: string) => {
        expect(decodeProtectedHeader(jwe)).to.include({ alg, kid: 'enc-1', cty: 'JWT' });
        const { plaintext } = await compactDecrypt(jwe, privateKey);
        return verified(Buffer.from(plaintext).toString(), signedWith);
      };
      const { back, verifier } = await authorize(server, client, { response_mode: 'jwt' });
      const { code } = await opened(back.searchParams.get('response') ?? '', 'RS256');
      const { body } = await redeem(server, client, { code: String(code), verifier });
      const { sub } = await opened(body.id_token ?? '', 'RS256');
      const answer = await userinfo(server, body.access_token);
      expect(await opened(await answer.text(), 'PS256')).to.include({ sub });
    });
  }

  it('leave out encryption with the secret of a client and unsigned ID tokens', async () => {
    for (const wrong of [
      { id_token_encrypted_response_alg: 'dir' },
      { userinfo_encrypted_response_alg: 'A128KW' },
      { id_token_encrypted_response_alg: 'RSA1_5' },
      { id_token_signed_response_alg: 'none' },
      { id_token_signed_response_alg: 'HS256' },
    ]) {
      const client = await createClient(server, wrong);
      const answer = await fetch(`${server.url}/oauth/token`, {
        method: 'POST',
        headers: { authorization: basic(client) },
        body: new URLSearchParams({ grant_type: 'authorization_code' }),
      });
      expect([answer.status, (await answer.json()).error], JSON.stringify(wrong)).to.deep.equal([
        ...[400, 'invalid_client_metadata'],
      ]);
    }
  });

  it('leave out request objects that are encrypted to the server', async () => {
    const client = await createClient(server);
    const { publicKey } = await generateKeyPair('RSA-OAEP-256');
    const request = await new CompactEncrypt(new TextEncoder().encode('{}'))
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM' })
      .encrypt(publicKey);
    const answer = await fetch(`${server.url}/oauth/par`, {
      method: 'POST',
      headers: { authorization: basic(client) },
      body: new URLSearchParams({ client_id: client.id, request }),
    });
    expect([answer.status, (await answer.json()).error]).to.deep.equal([400, 'invalid_request_object']);
  });
});
