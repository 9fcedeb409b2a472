import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { CATALOGUE } from '../../../src/errors/catalogue.ts';

const ROOT = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

/** The words that the last column of docs/TERMS.md refuses. */
const refused = read('docs/TERMS.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| concept'))
  .flatMap((line) => line.split('|')[4]?.split(',') ?? [])
  .map((word) => word.trim())
  .filter((word) => word !== '');

/** Every text in a JSON file, without its keys and placeholders. */
const textsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value.replaceAll(/\{\w+\}/g, '')]
    : Object.values(value as object).flatMap((part) => textsIn(part));

const texts = [
  ...['messages/th', 'messages/en', 'mails/th', 'mails/en'].flatMap((name) =>
    textsIn(JSON.parse(read(`views/${name}.json`))),
  ),
  ...Object.values(CATALOGUE).flatMap(({ th, en }) => [th, en]),
];

/** Matches a Latin word as a whole, so that `login` is not found in `relogin`. Thai is written without spaces. */
const pattern = (word: string): RegExp =>
  /[ก-๛]/.test(word) ? new RegExp(word) : new RegExp(`(?<![\\w-])${word.replaceAll('.', '\\.')}(?![\\w-])`);

describe('the terms of docs/TERMS.md', () => {
  it('refuse words that the texts would otherwise use', () => {
    expect(refused).to.include.members(['โปรด', 'เพิกถอน', 'login']);
    expect(texts.length).to.be.above(500);
  });

  for (const word of refused)
    it(`leave out “${word}”`, () => {
      expect(texts.filter((text) => pattern(word).test(text))).to.deep.equal([]);
    });
});
