import { expect } from 'chai';
import { parse } from 'yaml';
import { KINDS } from '../../src/apis/customers/violation-codes.ts';
import { CATALOGUE } from '../../src/errors/catalogue.ts';
import {
  commentsOf,
  countWords,
  type Passage,
  paragraphsOf,
  REFUSED,
  REFUSED_BEGINNING,
  sentencesOf,
} from './language.ts';
import { filesUnder } from './tree.ts';

const MOST_CHARACTERS = 120;
const MOST_WORDS = 30;

const code = filesUnder(
  ['src/', 'test/', 'bench/', 'faults/', 'conformance/', 'scripts/', 'migrations/'],
  ['.ts', '.sql'],
);
const pages = filesUnder([''], ['.md']);

/** Every string inside a value, named by its path. */
function stringsIn(value: unknown, at: string): Passage[] {
  if (typeof value === 'string') return [{ at, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => stringsIn(member, `${at}.${key}`));
}

/** The summaries and descriptions of an OpenAPI document. */
function descriptionsIn(value: unknown, at: string): Passage[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    (key === 'description' || key === 'summary') && typeof member === 'string'
      ? paragraphsOf({ path: `${at}.${key}`, text: member })
      : descriptionsIn(member, `${at}.${key}`),
  );
}

const catalogue = Object.entries(CATALOGUE).map(([name, { en }]) => ({ at: name, text: en as string }));
const violations = Object.entries(KINDS).map(([name, { en }]) => ({ at: name, text: en as string }));
const messages = filesUnder(['views/'], ['en.json']).flatMap(({ path, text }) =>
  stringsIn(JSON.parse(text), path),
);
const openapi = filesUnder(['openapi/'], ['.yaml']).flatMap(({ path, text }) =>
  descriptionsIn(parse(text), path),
);

const sources: Record<string, Passage[]> = {
  'the comments': code.flatMap(commentsOf),
  'the documents': pages.flatMap(paragraphsOf),
  'the error catalogue': [...catalogue, ...violations],
  'the English pages and messages': messages,
  'the OpenAPI documents': openapi,
};

describe('the language of', () => {
  it('comments fits in lines of 120 characters', () => {
    const long = code.flatMap(({ path, text }) =>
      text
        .split('\n')
        .map((line, index) => ({ line, at: `${path}:${index + 1}` }))
        .filter(({ line }) => line.length > MOST_CHARACTERS && /^\s*(\/\*\*|\*|\/\/|--) /.test(line))
        .map(({ at }) => at),
    );
    expect(long).to.deep.equal([]);
  });

  for (const [name, passages] of Object.entries(sources)) {
    it(`${name} has sentences of at most ${MOST_WORDS} words`, () => {
      expect(passages).to.not.have.length(0);
      const long = passages.flatMap(({ at, text }) =>
        sentencesOf(text)
          .filter((sentence) => countWords(sentence) > MOST_WORDS)
          .map((sentence) => `${at}: ${sentence}`),
      );
      expect(long).to.deep.equal([]);
    });

    it(`${name} uses no phrase that is refused`, () => {
      const found = passages.flatMap(({ at, text }) =>
        REFUSED.filter((phrase) => phrase.test(text)).map((phrase) => `${at}: ${phrase}`),
      );
      expect(found).to.deep.equal([]);
    });
  }

  it('comments names its subject first, instead of asking for it', () => {
    const found = sources['the comments']
      ?.filter(({ at, text }) => !at.startsWith('migrations/') && REFUSED_BEGINNING.test(text))
      .map(({ at, text }) => `${at}: ${text}`);
    expect(found).to.deep.equal([]);
  });
});

describe('the check of the language', () => {
  it('counts the words of each sentence, and code as one word', () => {
    expect(sentencesOf('One two. See `a b c` for [the page](x.md); more.').map(countWords)).to.deep.equal([
      2, 5, 1,
    ]);
  });

  it('reads comments and pages without their markers', () => {
    const [comment] = commentsOf({ path: 'a.ts', text: '/**\n * One\n * two.\n */\n' });
    expect(comment?.text.trim()).to.match(/One two\./);
    const cells = paragraphsOf({ path: 'a.md', text: '# Title\n\n| one | two |\n\n```\ncode\n```\n' });
    expect(cells.map(({ text }) => text).filter(Boolean)).to.deep.equal(['Title', 'one', 'two']);
  });
});
