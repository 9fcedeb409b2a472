import { expect } from 'chai';
import { doubledName } from '../../src/http/doubled-name.ts';

describe('a name that JSON has twice', () => {
  for (const [text, name] of [
    ['{"a":1,"a":2}', 'a'],
    ['{"a":1,\n "b":[{"c":1,"c" :2}]}', 'c'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"":1,"":2}', ''],
    ['{"a":{"a":1},"b":[{"a":1},{"a":2}]}', undefined],
    ['{"a":"\\"a\\":1","b":"a","c":["a","a"]}', undefined],
    ['{"a":"}{","b":"]["}', undefined],
    ['"a"', undefined],
    ['{}', undefined],
  ] as const)
    it(`is ${JSON.stringify(name) ?? 'none'} in ${text}`, () => {
      JSON.parse(text);
      expect(doubledName(text)).to.equal(name);
    });

  it('is found in time that grows with the text alone', () => {
    expect(doubledName(`{"a":"${'\\\\'.repeat(30_000)}","b":[${'[],'.repeat(20_000)}0]}`)).to.equal(
      undefined,
    );
  });
});
