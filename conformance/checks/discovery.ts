import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { decodeProtectedHeader, importJWK, type JWK } from 'jose';
import { group, notApplicable, SPECS } from '../check.ts';
import { signIn, verified } from '../flow.ts';
import { json, type Target } from '../target.ts';

const PATH = '/.well-known/openid-configuration';
/** Members that a public key must not have: private parts, and symmetric keys (RFC 7518 §6). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

async function keysOf(target: Target): Promise<JWK[]> {
  const { status, body } = await json(target.endpoint('jwks_uri'));
  expect(status).to.equal(200);
  return body.keys;
}

/** Returns the key IDs once a new key is published, because another process may load it a moment later. */
async function changedKeys(target: Target, before: readonly (string | undefined)[]) {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const ids = (await keysOf(target)).map(({ kid }) => kid);
    if (ids.some((kid) => !before.includes(kid))) return ids;
    if (performance.now() > deadline) throw new Error('no new key was published');
    await pause(200);
  }
}

export const discovery = group('discovery', (check) => {
  check('document', `${SPECS.discovery} §4`, 'is JSON whose issuer is its own address', async (target) => {
    const { status, headers, body } = await json(target.url + PATH);
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.match(/^application\/json/);
    expect(body.issuer).to.equal(target.url);
  });

  check('authorization-server', 'RFC 8414 §3', 'says the same as OAuth metadata', async (target) => {
    const { body } = await json(`${target.url}/.well-known/oauth-authorization-server`);
    expect(body).to.deep.equal(target.metadata);
  });

  check('issuer', `${SPECS.core} §3.1.3.7`, 'names the issuer of tokens and responses', async (target) => {
    const { back, claims } = await signIn(target);
    expect([back.searchParams.get('iss'), claims.iss]).to.deep.equal([target.url, target.url]);
  });

  check('addresses', `${SPECS.discovery} §3`, 'names every endpoint by https and its own host', (target) => {
    const { host } = new URL(target.url);
    const members = Object.entries(target.metadata).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name));
    expect(members.length).to.be.above(5);
    for (const [name, value] of members) {
      const { protocol, host: named } = new URL(String(value));
      expect([protocol, named], name).to.deep.equal(['https:', host]);
    }
    return Promise.resolve();
  });

  check('required', `${SPECS.discovery} §3`, 'has the members that are required', async ({ metadata }) => {
    expect(metadata.response_types_supported).to.include('code');
    expect(metadata.subject_types_supported).to.include('public');
    expect(metadata.id_token_signing_alg_values_supported).to.include('RS256');
    expect(metadata.scopes_supported).to.include('openid');
    expect(metadata.code_challenge_methods_supported).to.include('S256').and.not.include('plain');
    expect(metadata.claims_supported).to.include.members(['sub', 'name', 'email', 'address']);
    expect(metadata.grant_types_supported).to.include('authorization_code');
  });

  check('unsigned', `${SPECS.core} §2`, 'offers no unsigned token', async ({ metadata }) => {
    const members = Object.entries(metadata).filter(([name]) =>
      name.endsWith('signing_alg_values_supported'),
    );
    expect(members.length).to.be.above(2);
    for (const [name, value] of members) expect(value, name).to.be.an('array').that.does.not.include('none');
  });

  check('keys', 'RFC 7517 §4', 'publishes public keys only, each with an id of its own', async (target) => {
    const keys = await keysOf(target);
    const ids = keys.map(({ kid }) => kid);
    expect(ids.every((kid) => typeof kid === 'string' && kid !== '')).to.equal(true);
    expect(new Set(ids).size).to.equal(keys.length);
    for (const key of keys) {
      expect(key).to.not.have.any.keys(...PRIVATE);
      for (const part of [key.n, key.e, key.x, key.y])
        if (part !== undefined) expect(part).to.match(/^[\w-]+$/);
      await importJWK(key, key.alg);
      if (key.kty === 'RSA') expect(Buffer.from(key.n ?? '', 'base64url').length).to.be.at.least(256);
    }
  });

  check(
    'rotation',
    `${SPECS.core} §10.1.1`,
    'keeps keys that signed when keys are rotated',
    async (target) => {
      const { tokens } = await signIn(target);
      const before = (await keysOf(target)).map(({ kid }) => kid);
      // an operator may rotate when every process has loaded the next key
      await target.wait(11);
      if (!(await target.rotateKeys())) return notApplicable('the next key is not published for long enough');
      const after = await changedKeys(target, before);
      expect(after).to.include(decodeProtectedHeader(tokens.id_token).kid);
      await verified(target, tokens.id_token);
      await verified(target, (await signIn(target)).tokens.id_token);
    },
  );
});
