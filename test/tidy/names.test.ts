import { expect } from 'chai';
import { filesUnder } from './tree.ts';

const CODE = filesUnder(
  ['src/', 'test/', 'scripts/', 'faults/', 'conformance/', 'migrations/', 'views/'],
  ['.ts', '.js', '.ejs'],
).filter(
  // this file has to contain the words that it searches for
  ({ path }) => path !== 'test/tidy/names.test.ts',
);

/** Words that do not describe the purpose of a thing. */
const EMPTY = /(^|-)(service|manager|helper|util|common)s?$/;
/** The name of an API, not of a kind of file. */
const MEANT = new Set(['self-service']);
const EMPTY_EXPORT =
  /export (?:async )?(?:function|const|class|interface|type) \w*(?:Service|Manager|Helper|Util)s?\b/;

/** Every line that matches, with its location. */
const find = (pattern: RegExp): string[] =>
  CODE.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );

describe('the code', () => {
  it('calls nothing service, manager, helper, util or common', () => {
    const parts = CODE.flatMap(({ path }) =>
      path
        .split('/')
        .map((part) => part.replace(/\..*$/, ''))
        .filter((part) => EMPTY.test(part) && !MEANT.has(part))
        .map((part) => `${path}: ${part}`),
    );
    expect([...parts, ...find(EMPTY_EXPORT)]).to.deep.equal([]);
  });

  it('leaves nothing for later', () => {
    expect(find(/\b(TODO|FIXME|XXX|HACK)\b/)).to.deep.equal([]);
  });

  it('silences no tool', () => {
    expect(find(/biome-ignore|@ts-(ignore|expect-error|nocheck)|eslint-disable/)).to.deep.equal([]);
    expect(find(/(:|\bas|<)\s*any\b(?!thing)[^'"`]*[;,)>=]/)).to.deep.equal([]);
  });

  it('runs every test', () => {
    expect(
      find(/\b(describe|it|context|specify)\.(skip|only)\(|\b(xit|xdescribe|xcontext|fit)\(|this\.skip\(/),
    ).to.deep.equal([]);
  });

  it('runs the tests that npm test leaves out by scripts of their own, in the gate', () => {
    const read = (path: string): string =>
      filesUnder([''], [path]).find((file) => file.path === path)?.text ?? '';
    const [, ignored = ''] = /ignore: \[(.*?)\],\n/s.exec(read('.mocharc.cjs')) ?? [];
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const folders = [...ignored.matchAll(/'test\/(\w+)\/\*\*'/g)].map(([, folder = '']) => folder);
    expect(folders).to.include.members(['browser', 'examples']);
    for (const folder of folders) {
      expect(scripts[`test:${folder}`]).to.match(new RegExp(`"test/${folder}/(\\*\\*/)?\\*\\.test\\.ts"$`));
      expect(read('.ci/run')).to.include(`npm run test:${folder}`);
    }
  });

  it('imports with the file ending, and Node by its own name', () => {
    expect(find(/from '\.{1,2}\/[^']*(?<!\.ts|\.js|\.json)'/)).to.deep.equal([]);
    expect(
      find(/from '(fs|path|crypto|http|net|os|url|util|events|stream|child_process)(\/\w+)?'/),
    ).to.deep.equal([]);
  });
});
