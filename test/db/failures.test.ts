import { expect } from 'chai';
import { translateFailure } from '../../src/db/failures.ts';

const codeOf = (failure: object): unknown => (translateFailure(failure) as { code?: unknown }).code;

describe('a failure of the database', () => {
  for (const code of [
    '57P01',
    '53300',
    '08006',
    '3D000',
    '28P01',
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
  ]) {
    it(`is an outage when it is ${code}`, () => {
      expect(codeOf({ code })).to.equal('UNAVAILABLE');
    });
  }

  it('is an outage when only its message says so', () => {
    expect(codeOf({ message: 'Connection terminated unexpectedly' })).to.equal('UNAVAILABLE');
  });

  for (const code of ['22021', '22P05']) {
    it(`is text that cannot be stored when it is ${code}`, () => {
      expect(codeOf({ code })).to.equal('INVALID_CHARACTER');
    });
  }

  it('stays what it is when it is a mistake of ours', () => {
    const mistake = { code: '42703', message: 'column "nme" does not exist' };
    expect(translateFailure(mistake)).to.equal(mistake);
  });
});
