import { expect } from 'chai';
import { providerName } from '../../../src/domain/passkeys/passkey-names.ts';
import { relyingParty, webOrigins } from '../../../src/domain/passkeys/relying-party.ts';

describe('the relying party of passkeys', () => {
  const partyOf = (issuer: string, rpId?: string, relatedOrigins: string[] = []) =>
    relyingParty({ issuer, rpId, relatedOrigins });

  it('is the host of the issuer, unless a domain above it is configured', () => {
    expect(partyOf('https://id.example.com')).to.deep.equal({
      ...{ id: 'id.example.com', origins: ['https://id.example.com'], isUsable: true },
    });
    expect(partyOf('https://id.example.com:8443', 'example.com')).to.deep.equal({
      ...{ id: 'example.com', origins: ['https://id.example.com:8443'], isUsable: true },
    });
  });

  it('accepts related origins too', () => {
    expect(partyOf('https://id.example.com', undefined, ['https://example.co.th']).origins).to.deep.equal([
      ...['https://id.example.com', 'https://example.co.th'],
    ]);
  });

  it('accepts apps, and tells browsers of pages only', () => {
    const app = `android:apk-key-hash:${'A'.repeat(43)}`;
    const party = partyOf('https://id.example.com', undefined, [app]);
    expect(party.origins).to.include(app);
    expect(webOrigins(party)).to.deep.equal(['https://id.example.com']);
  });

  it('is none where the issuer is an IP address', () => {
    for (const issuer of ['http://127.0.0.1:3000', 'http://[::1]:3000', 'https://192.0.2.1'])
      expect(partyOf(issuer).isUsable, issuer).to.equal(false);
    expect(partyOf('http://localhost:3000').isUsable).to.equal(true);
  });
});

describe('the name of an authenticator', () => {
  it('is known for common ones, and for no anonymous one', () => {
    expect(providerName('fbfc3007-154e-4ecc-8c0b-6e020557d7bd')).to.equal('Apple Passwords');
    expect(providerName('00000000-0000-0000-0000-000000000000')).to.equal(undefined);
  });
});
