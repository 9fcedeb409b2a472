import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import { type AlternativeKind, hasAlternative, hasSubject } from '../../src/lib/certificate-subject.ts';
import { CERTIFICATES } from '../support/client-certificates.ts';

const client = new X509Certificate(CERTIFICATES.client.cert);
const tricky = new X509Certificate(CERTIFICATES.tricky.cert);

describe('the subject of a certificate', () => {
  for (const name of [
    'CN=Bank App,O=Example Co\\, Ltd.,C=TH',
    'cn=bank  app, o=EXAMPLE CO\\2C LTD. , c=th',
    '2.5.4.3=Bank App,OID.2.5.4.10=Example Co\\, Ltd.,2.5.4.6=TH',
  ])
    it(`is ${name}`, () => expect(hasSubject(client, name)).to.equal(true));

  for (const name of [
    '',
    'CN=Bank App',
    'C=TH,O=Example Co\\, Ltd.,CN=Bank App',
    'CN=Bank App,O=Example Co, Ltd.,C=TH',
    'CN=Bank App,O=Example Co\\, Ltd.,C=TH,DC=x',
    'CN=Other App,O=Example Co\\, Ltd.,C=TH',
    'O=Bank App,O=Example Co\\, Ltd.,C=TH',
  ])
    it(`is not ${name || 'an empty name'}`, () => expect(hasSubject(client, name)).to.equal(false));

  it('cannot hide a part in a value', () => {
    expect(hasSubject(tricky, 'CN=x,O=Example,O=Evil,C=TH')).to.equal(false);
    expect(hasSubject(tricky, 'CN=x\\,O\\=Example,O=Evil,C=TH')).to.equal(true);
  });

  it('may have several attributes in one part, in any order', () => {
    const several = { subject: 'C=TH\nCN=a + serialNumber=7' };
    expect(hasSubject(several, 'serialNumber=7+CN=a,C=TH')).to.equal(true);
    expect(hasSubject(several, 'CN=a,C=TH')).to.equal(false);
    expect(hasSubject(several, 'CN=a\\+serialnumber\\=7,C=TH')).to.equal(false);
  });

  it('may be in Thai, in UTF-8 or escaped', () => {
    const thai = { subject: 'CN=ธนาคาร' };
    expect(hasSubject(thai, 'CN=ธนาคาร')).to.equal(true);
    const bytes = [...Buffer.from('ธนาคาร')].map((byte) => `\\${byte.toString(16)}`).join('');
    expect(hasSubject(thai, `CN=${bytes}`)).to.equal(true);
  });
});

describe('the alternative names of a certificate', () => {
  const cases: [AlternativeKind, string, boolean][] = [
    ['dns', 'client.example', true],
    ['dns', 'CLIENT.example', true],
    ['dns', 'lient.example', false],
    ['dns', 'app@client.example', false],
    ['uri', 'https://client.example/id', true],
    ['uri', 'https://client.example/', false],
    ['ip', '192.0.2.7', true],
    ['ip', '::ffff:192.0.2.7', true],
    ['ip', '192.0.2.70', false],
    ['email', 'app@CLIENT.example', true],
    ['email', 'APP@client.example', false],
  ];
  for (const [kind, name, expected] of cases)
    it(`${expected ? 'have' : 'have not'} ${kind} ${name}`, () => {
      expect(hasAlternative(client, kind, name)).to.equal(expected);
    });

  it('cannot hide a name in another', () => {
    expect(hasAlternative(tricky, 'dns', 'client.example')).to.equal(false);
    expect(hasAlternative({ subjectAltName: undefined } as never, 'dns', 'x')).to.equal(false);
  });
});
