import { expect } from 'chai';
import { fields, table } from '../../../src/bin/kit/answer.ts';

describe('answers for people', () => {
  it('put values in one column and leave out what is absent', () => {
    expect(fields({ id: 7, name: null, contacts: ['a', 'b'], more: { x: 1 } })).to.equal(
      'id        7\ncontacts  a b\nmore      {"x":1}',
    );
  });

  it('make columns as wide as their widest cell', () => {
    expect(table(['id', 'name'], [['long-id', undefined]])).to.equal('id       name\nlong-id  -');
  });

  it('pass no escape sequence and no further line on to the terminal', () => {
    const shown = fields({ client_name: 'a\u001b[2J\nclient_secret  x\u202e' });
    expect(shown).to.equal('client_name  a\ufffd[2J\ufffdclient_secret  x\ufffd');
  });
});
