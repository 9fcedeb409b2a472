import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { atEnd } from '../support/at-end.ts';
import { command, commandJson } from '../support/command.ts';

const CREATE = ['client', 'create', '--redirect-uri', 'https://rp.example/cb'];

describe('pratu client, for FAPI 2.0', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const setOf = (key: JsonWebKey): string => JSON.stringify({ keys: [key] });
  const jwks = setOf(publicKey.export({ format: 'jwk' }));
  const secret = privateKey.export({ format: 'jwk' });

  it('makes one from its keys, given as JSON or in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pratu-keys-'));
    atEnd(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'keys.json');
    await writeFile(file, jwks);
    for (const given of [jwks, file]) {
      const made = await commandJson([...CREATE, '--jwks', given, '--fapi2']);
      expect(made.jwks).to.deep.equal(JSON.parse(jwks));
      expect(made).to.include({
        fapi_profile: '2.0',
        token_endpoint_auth_method: 'private_key_jwt',
        dpop_bound_access_tokens: true,
        require_pushed_authorization_requests: true,
        id_token_signed_response_alg: 'ES256',
      });
      expect(made).to.not.have.property('client_secret');
    }
  });

  it('marks a client that is there, if it fits', async () => {
    const plain = await commandJson([...CREATE]);
    const id = String(plain.client_id);
    const refused = await command([
      'client',
      'update',
      id,
      '--fapi2',
      '--auth-method',
      'client_secret_basic',
    ]);
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.include('token_endpoint_auth_method must be one of private_key_jwt');
    const marked = await commandJson([
      ...['client', 'update', id, '--fapi2', '--auth-method', 'private_key_jwt', '--jwks', jwks],
    ]);
    expect(marked).to.include({ fapi_profile: '2.0', dpop_bound_access_tokens: true });
  });

  it('makes none without keys, with a secret or without one, and takes no private key', async () => {
    for (const [args, code, reason] of [
      [['--fapi2'], 1, /jwks or jwks_uri/],
      [['--fapi2', '--jwks', jwks, '--auth-method', 'client_secret_post'], 1, /token_endpoint_auth_method/],
      [['--fapi2', '--jwks', jwks, '--public'], 1, /token_endpoint_auth_method/],
      [['--fapi2', '--jwks', setOf(secret)], 1, /JSON Web Key Set/],
      [['--jwks', '{"keys":1}'], 2, /Expected a JSON object with "keys"/],
      [['--jwks', '/nowhere/at-all.json'], 2, /Expected a JSON object with "keys"/],
    ] as const) {
      const answer = await command([...CREATE, ...args]);
      expect({ args, code: answer.code }).to.deep.equal({ args, code });
      expect(answer.stderr).to.match(reason).and.not.include(String(secret.d));
    }
  });
});
