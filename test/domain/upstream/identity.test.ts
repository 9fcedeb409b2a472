import { expect } from 'chai';
import type { UpstreamClaims } from '../../../src/domain/upstream/connector.ts';
import { identityOf, nameBeside } from '../../../src/domain/upstream/identity.ts';
import { codeOf } from '../empty-domain.ts';

describe('the identity of a person at a provider', () => {
  const of = (claims: UpstreamClaims, trustsEmail = true) =>
    identityOf({ sub: '1', ...claims }, { trustsEmail });

  it('needs a subject', async () => {
    for (const sub of [undefined, '', 7, 'x'.repeat(201), 'a\u0000b', ' a'])
      expect(await codeOf((async () => of({ sub }))()), String(sub)).to.equal('UPSTREAM_INVALID');
  });

  it('has a verified address only where the provider says so and is trusted', () => {
    const email = 'a@example.com';
    for (const [claims, trusts, verified] of [
      [{ email, email_verified: true }, true, true],
      [{ email, email_verified: 'true' }, true, true],
      [{ email, email_verified: true }, false, false],
      [{ email, email_verified: false }, true, false],
      [{ email, email_verified: 'false' }, true, false],
      [{ email, email_verified: 1 }, true, false],
      [{ email }, true, false],
      [{ email: 'no address', email_verified: true }, true, false],
      [{ email_verified: true }, true, false],
    ] as const)
      expect(of(claims, trusts).emailVerified, JSON.stringify(claims)).to.equal(verified);
  });

  it('has the names that accounts can have', () => {
    const names = (claims: UpstreamClaims) => {
      const { firstName, lastName } = of(claims);
      return [firstName, lastName];
    };
    expect(names({ given_name: 'สมชาย', family_name: 'ใจดี', name: 'ignored here' })).to.deep.equal([
      'สมชาย',
      'ใจดี',
    ]);
    expect(names({ name: 'Somchai Jai Dee' })).to.deep.equal(['Somchai', 'Jai Dee']);
    expect(names({ name: 'สมชาย' })).to.deep.equal(['สมชาย', undefined]);
    expect(names({ name: '🐱 <b>' })).to.deep.equal([undefined, undefined]);
    expect(names({})).to.deep.equal([undefined, undefined]);
  });

  it('has a picture by https only', () => {
    expect(of({ picture: 'https://p.example/1.png' }).picture).to.equal('https://p.example/1.png');
    for (const picture of ['http://p.example/1.png', '/admin', 'javascript:alert(1)', 7])
      expect(of({ picture }).picture).to.equal(undefined);
  });

  it('takes the name, and nothing else, from the data sent next to a response', () => {
    const user = { name: { firstName: 'สมชาย', lastName: 'ใจดี' }, email: 'evil@example.com', sub: 'other' };
    expect(nameBeside(JSON.stringify(user))).to.deep.equal({ given_name: 'สมชาย', family_name: 'ใจดี' });
    for (const broken of [undefined, '', 'null', '[]', '{"name":7}', '{"name":{"firstName":7}}'])
      expect(nameBeside(broken)).to.deep.equal({});
  });
});
