import { expect } from 'chai';
import fc from 'fast-check';
import { cardNumber } from '../../../src/domain/accounts/account.ts';
import {
  identifierOrText,
  parseIdentifier,
  parseIdentifierOf,
  parseOperatorIdentifier,
} from '../../../src/domain/identifiers/identifier.ts';
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

describe('an identifier of the kinds that a surface accepts', () => {
  it('is not recognised when it is of another kind', () => {
    expect(parseIdentifierOf(['mobile', 'email'], '081-348-7612')).to.include({ kind: 'mobile' });
    expect(parseIdentifierOf(['mobile'], 'a@example.com')).to.equal(undefined);
    expect(parseIdentifierOf(['mobile', 'email'], cardNumber({ id: 12 }))).to.equal(undefined);
    expect(parseIdentifierOf(['mobile', 'email'], 'nobody')).to.equal(undefined);
  });

  it('has one key for every spelling of a text that identifies no one', () => {
    expect(identifierOrText(' NoBody ')).to.deep.equal({ kind: 'other', key: 'nobody' });
    expect(identifierOrText(' A@Example.com')).to.deep.equal({ kind: 'email', key: 'a@example.com' });
  });

  it('is for an operator also the number of an account, but no national id', () => {
    expect(parseOperatorIdentifier('4711')).to.deep.equal({ kind: 'account id', key: 4711 });
    expect(parseOperatorIdentifier('0813487612')).to.include({ kind: 'mobile' });
    expect(parseOperatorIdentifier('0')).to.equal(undefined);
    expect(parseOperatorIdentifier('nobody')).to.equal(undefined);
  });
});
