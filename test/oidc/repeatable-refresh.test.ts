import { expect } from 'chai';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { openAnswer, sealAnswer } from '../../src/oidc/grant-types/repeatable-refresh.ts';

const TOKEN = 'a-used-refresh-token';
const ANSWER = JSON.stringify({ access_token: 'ก', refresh_token: 'next' });

const request = (clientId = 'spa', params: object = {}): KoaContextWithOIDC =>
  ({ oidc: { client: { clientId }, params } }) as unknown as KoaContextWithOIDC;

describe('the sealed answer of a refresh', () => {
  const seal = (ctx = request()): Buffer => Buffer.from(sealAnswer(ctx, TOKEN, ANSWER), 'base64');

  it('opens with the same token and request', () => {
    expect(openAnswer(request(), TOKEN, seal())).to.equal(ANSWER);
    const params = { scope: 'openid', resource: 'https://api.example/' };
    expect(openAnswer(request('spa', params), TOKEN, seal(request('spa', params)))).to.equal(ANSWER);
  });

  it('opens when a single resource comes as a list', () => {
    const sealed = seal(request('spa', { resource: 'https://api.example/' }));
    expect(openAnswer(request('spa', { resource: ['https://api.example/'] }), TOKEN, sealed)).to.equal(
      ANSWER,
    );
  });

  for (const [name, ctx, token] of [
    ['token', request(), `${TOKEN}x`],
    ['client', request('other'), TOKEN],
    ['scope', request('spa', { scope: 'openid' }), TOKEN],
    ['resource', request('spa', { resource: 'https://api.example/' }), TOKEN],
  ] as const) {
    it(`stays shut to another ${name}`, () => {
      expect(openAnswer(ctx, token, seal())).to.equal(undefined);
    });
  }

  it('stays shut when a bit of it changed, or some of it is missing', () => {
    const sealed = seal();
    for (let at = 0; at < sealed.length; at += 7) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(openAnswer(request(), TOKEN, changed), `byte ${at}`).to.equal(undefined);
    }
    expect(openAnswer(request(), TOKEN, sealed.subarray(0, -1))).to.equal(undefined);
  });

  it('shows neither token nor answer, and is never twice the same', () => {
    const [one, two] = [seal(), seal()];
    expect(one.equals(two)).to.equal(false);
    expect(one.toString('latin1')).to.not.include('next').and.not.include(TOKEN);
  });
});
