import { expect } from 'chai';
import { parseAuthenticatorName } from '../../../src/domain/values/authenticator-name.ts';

describe('the name of an authenticator', () => {
  for (const name of ['Phone', 'โทรศัพท์ของแม่', 'Pixel 9 (work)', '📱', 'ก'.repeat(50)])
    it(`is ${name}`, () => expect(parseAuthenticatorName(name)).to.equal(name));

  it('has no spaces around it, and is composed', () => {
    expect(parseAuthenticatorName('  Jose\u0301 ')).to.equal('José');
  });

  for (const [what, name] of Object.entries({
    nothing: '',
    spaces: ' \u00a0 ',
    'only what cannot be seen': '\u200b',
    'a direction that is turned around': '\u202eenohP',
    'two lines': 'a\nb',
    'a control character': 'a\u0000b',
    'a line separator': 'a\u2028b',
    '51 characters': 'ก'.repeat(51),
  }))
    it(`is not ${what}`, () => expect(parseAuthenticatorName(name)).to.equal(undefined));
});
