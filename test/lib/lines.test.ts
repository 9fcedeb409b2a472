import { expect } from 'chai';
import fc from 'fast-check';
import { linesOf } from '../../src/lib/lines.ts';

async function* chunks(parts: readonly string[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield Buffer.from(part);
}

async function lines(parts: readonly string[], maxBytes = 1000): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for await (const line of linesOf(chunks(parts), maxBytes)) found.push(line?.toString());
  return found;
}

describe('lines of a stream', () => {
  it('are the same wherever its chunks end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.stringMatching(/^[a-c\n]{0,6}$/)), async (parts) => {
        const whole = parts.join('');
        const expected = whole.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(await lines(parts)).to.deep.equal(expected);
      }),
    );
  });

  it('are undefined where they are too long, and go on behind', async () => {
    expect(await lines(['aaaa', 'aaaa\nb', 'b\n', 'cccccc'], 5)).to.deep.equal([undefined, 'bb', undefined]);
    expect(await lines(['aaaaa\n'], 5)).to.deep.equal(['aaaaa']);
  });
});
