import { expect } from 'chai';
import fc from 'fast-check';
import { cardNumber } from '../../../src/domain/accounts/account.ts';
import { parseIdentifier } from '../../../src/domain/identifiers/identifier.ts';
import { spelledNumber } from '../../support/spellings.ts';

describe('an identifier', () => {
  it('is a mobile, an e-mail, a card number or a national id', () => {
    expect(parseIdentifier('081-348-7612')).to.deep.equal({ kind: 'mobile', key: '+66813487612' });
    expect(parseIdentifier(' A@Example.com\n')).to.deep.equal({ kind: 'email', key: 'a@example.com' });
    expect(parseIdentifier('0001 0000 0000 0012')).to.deep.equal({ kind: 'card', key: 12 });
    expect(parseIdentifier('1-1017-00230-70-8')).to.deep.equal({ kind: 'national id', key: '1101700230708' });
  });

  it('is none of other texts', () => {
    for (const text of ['', '0812', '021234567', 'a@b', '%', '0001000000000000', '1101700230709'])
      expect(parseIdentifier(text), text).to.equal(undefined);
  });

  it('is the same in every spelling', () => {
    const numbers = {
      '0813487612': { kind: 'mobile', key: '+66813487612' },
      [cardNumber({ id: 4711 })]: { kind: 'card', key: 4711 },
      '1101700230708': { kind: 'national id', key: '1101700230708' },
    };
    for (const [number, identifier] of Object.entries(numbers))
      fc.assert(
        fc.property(spelledNumber(number), (typed) => {
          expect(parseIdentifier(typed)).to.deep.equal(identifier);
        }),
      );
  });
});
