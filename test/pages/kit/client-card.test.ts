import { expect } from 'chai';
import { imageUri, initial, safeClient, webUri } from '../../../src/pages/kit/client-card.ts';

const pathOf = (uri: string): string => `/logos/${uri.length}`;

describe('client cards', () => {
  it('link to absolute web addresses only', () => {
    const refused = [
      'javascript:alert(1)',
      ' JaVaScRiPt:alert(1)',
      'data:text/html,x',
      'myapp://open',
      '//client.example/x',
      '/relative',
      'https://somchai@client.example/',
      'https://',
      '',
      undefined,
    ];
    expect(refused.map(webUri)).to.deep.equal(refused.map(() => undefined));
    expect(webUri('http://client.example/terms?a=1')).to.equal('http://client.example/terms?a=1');
  });

  it('show pictures over https only', () => {
    expect(imageUri('http://client.example/logo.png')).to.equal(undefined);
    expect(imageUri('https://client.example/logo.png')).to.equal('https://client.example/logo.png');
  });

  it('show a picture from this server, never from the client', () => {
    const shown = (logoUri: string) => safeClient({ name: 'x', logoUri }, pathOf, 'en').logoUri;
    expect(shown('https://client.example/logo.png')).to.equal('/logos/31');
    expect(shown('http://client.example/logo.png')).to.equal(undefined);
  });

  it('are in the language of the page where the registration has one', () => {
    const card = {
      name: 'Shop',
      policyUri: 'https://client.example/policy',
      inLocale: { th: { name: 'ร้านค้า', policyUri: 'https://client.example/th' } },
    };
    expect(safeClient(card, pathOf, 'th')).to.include({
      name: 'ร้านค้า',
      policyUri: 'https://client.example/th',
    });
    expect(safeClient(card, pathOf, 'en')).to.include({ name: 'Shop', policyUri: card.policyUri });
  });

  it('keep a name from turning the writing round', () => {
    expect(safeClient({ name: ' \u202eknaB\u2066 ' }, pathOf, 'en').name).to.equal('knaB');
  });

  it('cut a name that would hide the page', () => {
    expect(safeClient({ name: 'ก'.repeat(80) }, pathOf, 'en').name).to.equal('ก'.repeat(80));
    expect(safeClient({ name: '🐘'.repeat(9000) }, pathOf, 'en').name).to.equal(`${'🐘'.repeat(80)}…`);
  });

  it('take a letter for a picture', () => {
    const letters = ['doi', 'เชียงใหม่', '«Ω»', '2171', '!!', ''].map(initial);
    expect(letters).to.deep.equal(['D', 'ช', 'Ω', '2', '?', '?']);
  });
});
