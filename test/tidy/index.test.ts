import { readFileSync } from 'node:fs';
import { expect } from 'chai';

const ROOT = new URL('../../', import.meta.url);
const ROW = /^\| (.*`.*) \| `([^`]+)` \|$/;

describe('the index of docs/ARCHITECTURE.md', () => {
  const text = readFileSync(new URL('docs/ARCHITECTURE.md', ROOT), 'utf8');
  const rows = text
    .slice(text.indexOf('## Index'))
    .split('\n')
    .map((line) => ROW.exec(line))
    .filter((row) => row !== null)
    .map(([, what = '', file = '']) => ({ word: /`([^`]+)`/.exec(what)?.[1] ?? '', file }));

  it('has what people look for', () => {
    expect(rows.length).to.be.at.least(40);
  });

  it('names files that have the word', () => {
    const wrong = rows.filter(({ word, file }) => !readFileSync(new URL(file, ROOT), 'utf8').includes(word));
    expect(wrong).to.deep.equal([]);
  });
});
