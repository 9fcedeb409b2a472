import { expect } from 'chai';
import { filesUnder } from './tree.ts';

const BINARY = /\.(png|jpe?g|gif|webp|ico|woff2?|gz)$/;
/** Files that package managers write, with the URLs of packages. */
const FOREIGN = /(^|\/)(package-lock\.json|composer\.lock|go\.(mod|sum))$/;
const files = filesUnder().filter(({ path }) => !BINARY.test(path) && !FOREIGN.test(path));

const find = (pattern: RegExp, among = files): string[] =>
  among.flatMap(({ path, text }) =>
    [...text.matchAll(new RegExp(pattern, 'g'))].map(([match]) => `${path}: ${match}`),
  );

describe('what is published', () => {
  it('names no folder of someone’s machine', () => {
    expect(find(/(?<![\w.@:/-])\/(home|root|work|Users|mnt)\/[\w.-]+/)).to.deep.equal([]);
    expect(find(/[A-Z]:\\{1,2}Users/)).to.deep.equal([]);
  });

  it('names nobody else’s repository', () => {
    // a Go package is imported by the URL of its repository
    const named = files.filter(({ path }) => !path.endsWith('.go'));
    expect(find(/(github|gitlab|bitbucket)\.(com|org)[/:][\w.-]+\/[\w.-]+/, named)).to.deep.equal([]);
  });

  it('holds no key and no token of a service', () => {
    const token = /\b(ghp|gho|npm|sk|xox[bp])_[A-Za-z0-9]{20,}|AKIA[0-9A-Z]{16}/;
    expect(find(token)).to.deep.equal([]);
    // tests have their own certificate for localhost
    const served = files.filter(({ path }) => !path.startsWith('test/'));
    expect(find(/-----BEGIN [A-Z ]*PRIVATE KEY-----/, served)).to.deep.equal([]);
  });

  it('ends every line without spaces, and every file with a line end', () => {
    const text = files.filter(({ path }) =>
      /\.(ts|js|json|ya?ml|md|ejs|css|sql)$|Dockerfile|run$/.test(path),
    );
    const untidy = text.filter((file) => /[ \t]\n|\r/.test(file.text) || !file.text.endsWith('\n'));
    expect(untidy.map(({ path }) => path)).to.deep.equal([]);
  });
});
