import { expect } from 'chai';
import { createRemoteJWKSet, decodeProtectedHeader, type JWK, jwtVerify } from 'jose';
import { type TestServer, testServer } from '../../support/server.ts';
import { tokensByCode } from '../../support/sign-in.ts';

const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];

describe('keys', () => {
  let server: TestServer;

  before(async () => {
    server = await testServer();
  });

  const published = async (): Promise<JWK[]> => (await (await fetch(`${server.url}/oauth/jwks`)).json()).keys;

  it('are public, of one kid each, and kept for five minutes', async () => {
    const answer = await fetch(`${server.url}/oauth/jwks`);
    expect(answer.headers.get('cache-control')).to.equal('public, max-age=300');
    expect(answer.headers.get('content-type')).to.match(/^application\/(jwk-set\+)?json/);
    const { keys } = (await answer.json()) as { keys: JWK[] };
    expect(new Set(keys.map(({ kid }) => kid)).size).to.equal(keys.length);
    for (const key of keys) {
      expect(key).to.not.have.any.keys(...PRIVATE);
      expect(key.use).to.equal('sig');
      expect(key.kty).to.be.oneOf(['RSA', 'EC']);
      for (const value of [key.n, key.x, key.y]) expect(value ?? '').to.match(/^[\w-]*$/);
      if (key.n) expect(Buffer.from(key.n, 'base64url')).to.have.length.at.least(256);
    }
  });

  it('hold the next ones too, before anything is signed with them', async () => {
    const states = await server.domain.signingKeys.list();
    expect((await published()).map(({ kid }) => kid)).to.have.members(states.map(({ kid }) => kid));
    const next = states.filter(({ state }) => state === 'next').map(({ kid }) => kid);
    const { id_token = '' } = await tokensByCode(server.url);
    expect(next).to.have.length(3);
    expect(next).to.not.include(decodeProtectedHeader(id_token).kid);
  });

  it('rotate without breaking what was signed before', async () => {
    const before = await tokensByCode(server.url);
    await server.domain.signingKeys.rotate(0);
    await server.jobs.watching.runNow();
    const after = await tokensByCode(server.url);
    const [old, fresh] = [before, after].map(({ id_token = '' }) => decodeProtectedHeader(id_token).kid);
    expect(fresh).to.not.equal(old);
    expect((await published()).map(({ kid }) => kid)).to.include.members([old, fresh]);
    const keys = createRemoteJWKSet(new URL(`${server.url}/oauth/jwks`));
    await jwtVerify(before.id_token ?? '', keys, { issuer: server.url });

    const hinted = new URLSearchParams({ id_token_hint: before.id_token ?? '' });
    const page = await fetch(`${server.url}/oauth/logout?${hinted}`, { headers: { accept: 'text/html' } });
    expect(page.status).to.equal(200);
  });
});
