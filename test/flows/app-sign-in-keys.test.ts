import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { PASSWORD, somebody } from '../pages/account/visitor.ts';
import { forgetCounts } from '../support/forget-counts.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { App, appClient, type Challenged } from './app-steps.ts';

const PATH = '/oauth/authorize-challenge';

/** Creates proofs of possession of a key. */
type Key = ((path: string) => Promise<string>) & { thumbprint?: string };

/** Creates a key and returns its proofs. */
async function newKey(issuer: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  const proof: Key = (path) =>
    new SignJWT({ jti: randomUUID(), htm: 'POST', htu: issuer + path })
      .setIssuedAt()
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .sign(privateKey);
  return Object.assign(proof, { thumbprint: await calculateJwkThumbprint(jwk) });
}

describe('attacks on a sign-in inside an app that is bound to a key', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });
  beforeEach(() => forgetCounts(server.database));

  const newApp = async (more: object = {}): Promise<App> => new App(server, await appClient(server, more));
  const errorOf = ({ body }: Challenged): string | undefined => body.error;

  it('need a proof of that key in each step, and for the code', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    const [own, other] = [await newKey(server.url), await newKey(server.url)];
    app.proof = own;
    const begun = await app.begin(person.email);
    for (const proof of [other, undefined]) {
      app.proof = proof;
      expect(errorOf(await app.step(begun, { password: PASSWORD }))).to.equal('invalid_session');
    }
    app.proof = own;
    expect((await app.tokens(await app.step(begun, { password: PASSWORD }))).token_type).to.equal('DPoP');
    for (const proof of [other, undefined]) {
      app.proof = own;
      const finished = await app.begin(person.email, { password: PASSWORD });
      app.proof = proof;
      expect((await app.redeem(finished)).body.error).to.equal('invalid_grant');
    }
  });

  it('cannot name the key in place of a proof', async () => {
    const [app, person] = [await newApp(), await somebody(server)];
    const key = await newKey(server.url);
    const begins = [
      async () => {
        app.proof = key;
        return app.begin(person.email);
      },
      () => app.begin(person.email, { dpop_jkt: key.thumbprint }),
    ];
    for (const beginning of begins) {
      const begun = await beginning();
      app.proof = undefined;
      const named = { password: PASSWORD, dpop_jkt: key.thumbprint };
      expect(errorOf(await app.step(begun, named))).to.equal('invalid_session');
      app.proof = key;
      expect((await app.tokens(await app.step(begun, { password: PASSWORD }))).token_type).to.equal('DPoP');
      app.proof = undefined;
    }
  });

  it('cannot name another key than that of the proof', async () => {
    const app = await newApp();
    app.proof = await newKey(server.url);
    expect(errorOf(await app.begin('x', { dpop_jkt: 'A'.repeat(43) }))).to.equal('invalid_request');
  });

  it('cannot use a proof twice, nor one of another endpoint', async () => {
    const app = await newApp();
    const proof = await (await newKey(server.url))(PATH);
    app.proof = async () => proof;
    expect(errorOf(await app.begin())).to.equal('insufficient_authorization');
    expect(errorOf(await app.begin())).to.equal('invalid_request');
    const fresh = await newKey(server.url);
    app.proof = () => fresh('/oauth/token');
    expect(errorOf(await app.begin())).to.equal('invalid_dpop_proof');
  });

  it('cannot use a proof twice at the same time', async () => {
    const app = await newApp();
    const proof = await (await newKey(server.url))(PATH);
    app.proof = async () => proof;
    const errors = (await Promise.all(Array.from({ length: 8 }, () => app.begin()))).map(errorOf);
    expect(errors.filter((error) => error === 'insufficient_authorization')).to.have.length(1);
    expect(errors.filter((error) => error === 'invalid_request')).to.have.length(7);
  });
});
