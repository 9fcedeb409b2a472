import { expect } from 'chai';
import fc from 'fast-check';
import { messageReader } from '../../src/db/wire-messages.ts';

const int = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

const typed = (type: string, body: string): Buffer =>
  Buffer.concat([Buffer.from(type), int(4 + Buffer.byteLength(body)), Buffer.from(body)]);

const STREAM = Buffer.concat([
  Buffer.concat([int(8), int(80_877_103)]),
  Buffer.concat([int(13), int(196_608), Buffer.from('user\0')]),
  typed('P', 'select 1'),
  typed('B', ''),
  typed('S', ''),
]);

describe('messages of the wire protocol', () => {
  it('are whole, however they come', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(STREAM.length)), (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), STREAM.length];
        const read = messageReader();
        const messages = edges.slice(1).flatMap((end, index) => read(STREAM.subarray(edges[index], end)));
        expect(messages.map(({ type }) => type)).to.deep.equal(['ssl', 'startup', 'P', 'B', 'S']);
        expect(Buffer.concat(messages.map(({ bytes }) => bytes))).to.deep.equal(STREAM);
      }),
    );
  });
});
