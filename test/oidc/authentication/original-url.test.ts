import { expect } from 'chai';
import { originalUrlOf } from '../../../src/oidc/authentication/original-url.ts';

const any = { requirePushedAuthorizationRequests: false, requireSignedRequestObject: false };
const request = {
  client_id: 'spa',
  response_type: 'code',
  redirect_uri: 'http://localhost:8080/cb?a=b&c',
  state: 'a b&c=d',
  prompt: 'consent',
};

describe('the URL at which a request starts again', () => {
  it('is the request with all its parameters, repeated ones too', () => {
    const address =
      originalUrlOf({ ...request, resource: ['urn:a', 'urn:b'], nonce: undefined, max_age: 0 }, any) ?? '';
    const { pathname, searchParams } = new URL(address, 'http://localhost');
    expect(pathname).to.equal('/oauth/authorize');
    expect([...searchParams]).to.deep.equal([
      ...Object.entries(request),
      ['resource', 'urn:a'],
      ['resource', 'urn:b'],
      ['max_age', '0'],
    ]);
  });

  it('does not exist for a device, for a request that was pushed or signed by rule, and for a long one', () => {
    expect(originalUrlOf({ client_id: 'tv', scope: 'openid' }, any)).to.equal(undefined);
    expect(originalUrlOf(request, { ...any, requirePushedAuthorizationRequests: true })).to.equal(undefined);
    expect(originalUrlOf(request, { ...any, requireSignedRequestObject: true })).to.equal(undefined);
    expect(originalUrlOf({ ...request, state: 's'.repeat(2000) }, any)).to.equal(undefined);
  });
});
