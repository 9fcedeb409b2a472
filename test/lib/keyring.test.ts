import { expect } from 'chai';
import { DamagedValue, keyring, UnknownKey } from '../../src/lib/keyring.ts';

const [KEY, OTHER] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];

describe('a sealed value that cannot be opened', () => {
  const ring = keyring([KEY]);
  const sealed = ring.seal('table.column', 'secret', '7');

  it('is distinguished from one of another key', () => {
    expect(() => keyring([OTHER]).open('table.column', sealed, '7')).to.throw(UnknownKey);
    expect(() => ring.open('table.column', sealed, '8')).to.throw(DamagedValue);
    expect(() => ring.open('table.other', sealed, '7')).to.throw(DamagedValue);
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
    expect(() => ring.open('table.column', changed, '7')).to.throw(DamagedValue);
  });

  it('names the column and what to do, for the operator', () => {
    const sentence = (work: () => unknown): string => {
      try {
        work();
        return '';
      } catch (error) {
        return (error as DamagedValue).sentence;
      }
    };
    expect(sentence(() => ring.open('table.column', sealed, '8'))).to.equal(
      'table.column: changed or moved to another row since it was encrypted. Restore the row from a backup.',
    );
    expect(sentence(() => keyring([OTHER]).open('table.column', sealed, '7'))).to.include('SECRET_KEY');
  });
});
