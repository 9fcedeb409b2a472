import { expect } from 'chai';
import { type Page, pageOfAll } from '../../../src/domain/values/cursor.ts';
import { AppError } from '../../../src/errors/app-error.ts';

const same = (text: string): string => text;

describe('a page of a list that is read whole', () => {
  const pages = (rows: readonly string[], limit: number): string[][] => {
    const found: string[][] = [];
    let page: Page<string> = { data: [], next: null };
    do {
      page = pageOfAll('list', rows, { limit, after: page.next ?? undefined }, same);
      found.push(page.data);
    } while (page.next !== null);
    return found;
  };

  it('follows the key, whatever order the rows come in', () => {
    expect(pages(['c', 'a', 'e', 'b', 'd'], 2)).to.deep.equal([['a', 'b'], ['c', 'd'], ['e']]);
    expect(pages(['b', 'a'], 2)).to.deep.equal([['a', 'b']]);
    expect(pages([], 2)).to.deep.equal([[]]);
  });

  it('is not disturbed by rows that come and go', () => {
    const { next } = pageOfAll('list', ['b', 'd', 'f'], { limit: 1 }, same);
    const after = next ?? undefined;
    expect(pageOfAll('list', ['a', 'd', 'f'], { limit: 1, after }, same).data).to.deep.equal(['d']);
  });

  it('is refused with a cursor of another list, or one that was not made here', () => {
    const { next } = pageOfAll('list', ['a', 'b'], { limit: 1 }, same);
    for (const after of [next ?? '', 'nonsense', '', Buffer.from('[]').toString('base64url')])
      expect(() => pageOfAll('other', ['a'], { limit: 1, after }, same))
        .to.throw(AppError)
        .with.property('code', 'INVALID_CURSOR');
  });
});
