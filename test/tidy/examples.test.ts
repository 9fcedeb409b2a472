import { expect } from 'chai';
import { filesUnder } from './tree.ts';

const paths = filesUnder(['examples/', 'test/']).map(({ path }) => path);
const examples = [...new Set(paths.map((path) => /^examples\/([^/]+)\//.exec(path)?.[1] ?? ''))].filter(
  Boolean,
);

describe('the examples', () => {
  it('are listed in one table', () => {
    const [index] = filesUnder(['examples/'], ['examples/README.md']);
    expect(examples).to.include('express-openid-client');
    for (const name of examples) expect(index?.text).to.include(`| [${name}](${name}/) | `);
  });

  it('have a test each', () => {
    const tests = filesUnder(['test/'], ['.test.ts']);
    const untested = examples.filter((name) => !tests.some(({ text }) => text.includes(name)));
    expect(untested).to.deep.equal([]);
  });

  it('name their packages in a lock file', () => {
    const loose = paths.filter(
      (path) =>
        /^examples\/[^/]+\/package\.json$/.test(path) &&
        !paths.includes(path.replace('package.json', 'package-lock.json')),
    );
    expect(loose).to.deep.equal([]);
  });
});
