import { expect } from 'chai';
import { filesUnder } from './tree.ts';

const LONGEST = 300;

const lines = (text: string): number => text.trimEnd().split('\n').length;

describe('files', () => {
  it('have 300 lines at most', () => {
    const long = filesUnder(
      ['src/', 'test/', 'scripts/', 'faults/', 'conformance/', 'migrations/', 'views/'],
      ['.ts', '.js', '.ejs'],
    )
      .filter(({ text }) => lines(text) > LONGEST)
      .map(({ path, text }) => `${path}: ${lines(text)}`);
    expect(long).to.deep.equal([]);
  });

  it('of the program have 30 to 80 lines, the one in the middle', () => {
    const sizes = filesUnder(['src/'], ['.ts'])
      .map(({ text }) => lines(text))
      .sort((one, other) => one - other);
    expect(sizes[Math.floor(sizes.length / 2)]).to.be.within(30, 80);
  });

  it('of the architecture fit in 150 lines, without the index', () => {
    const [page] = filesUnder(['docs/'], ['ARCHITECTURE.md']);
    const [prose = ''] = (page?.text ?? '').split('## Index');
    expect(lines(prose.trimEnd())).to.be.within(50, 150);
  });
});
