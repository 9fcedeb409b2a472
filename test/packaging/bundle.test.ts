import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Metafile } from 'esbuild';
import { bundleInto, OTHER_DRIVERS, withOwnUrl } from '../../scripts/bundle/bundle.ts';
import { withSourceLines } from '../../scripts/bundle/source-lines.ts';
import { atEnd } from '../support/at-end.ts';
import { startProcess } from '../support/process.ts';
import { tokensByPassword } from '../support/sign-in.ts';
import { filesUnder } from '../tidy/tree.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe('the bundle of the server', () => {
  let outdir: string;
  let metafile: Metafile;
  const outputs = () => Object.values(metafile.outputs);
  const codeOf = async (): Promise<[name: string, code: string][]> => {
    const names = (await readdir(outdir)).filter((name) => name.endsWith('.js'));
    return Promise.all(names.map(async (name) => [name, await readFile(join(outdir, name), 'utf8')]));
  };

  before(async () => {
    await mkdir(join(ROOT, 'tmp'), { recursive: true });
    outdir = await mkdtemp(join(ROOT, 'tmp/bundle-'));
    atEnd(() => rm(outdir, { recursive: true, force: true }));
    metafile = await bundleInto(outdir);
  });

  it('serves tokens, pages, their files and the reference, with workers', async () => {
    const main = join(relative(ROOT, outdir), 'main.js');
    const { url, output, end } = await startProcess({
      main,
      env: { NODE_ENV: 'development', WORKERS: '2' },
    });
    expect(await tokensByPassword(url, { scope: 'openid' })).to.include.keys('access_token', 'id_token');
    const page = await (await fetch(`${url}/register`)).text();
    const files = [...page.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path);
    expect(files).to.not.be.empty;
    for (const path of [...files, '/docs', '/openapi/customers.json', '/dev/outbox', '/dev/gallery'])
      expect((await fetch(url + path)).status, path).to.equal(200);
    expect(await end(), output()).to.equal(0);
  });

  it('says why it does not start, as the source does', async () => {
    const start = startProcess({
      main: join(relative(ROOT, outdir), 'main.js'),
      env: { DATABASE_URL: 'postgres://127.0.0.1:1/none' },
    });
    const message = await start.then(
      ({ end }) => end().then(() => 'it started'),
      (error: Error) => error.message,
    );
    expect(message).to.include('The database does not respond (ECONNREFUSED)');
  });

  it('needs no package that is not installed for production', async () => {
    const { dependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
    const called = filesUnder(['src/'], ['.ts']).flatMap(({ text }) =>
      [
        ...text.matchAll(
          /(?:createRequire\(import\.meta\.url\)|require(?:\.resolve)?|meta\.resolve)\('([@\w][^']*)'\)/g,
        ),
      ].map(([, path = '']) => path),
    );
    expect(called).to.include.members(['sharp', 'swagger-ui-dist/package.json']);
    const imported = outputs()
      .flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path))
      .filter((path) => !isBuiltin(path));
    const packages = [...called, ...imported].map((path) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
    expect(packages).to.include.members(['pino', '@node-rs/argon2']);
    expect([...Object.keys(dependencies), ...OTHER_DRIVERS]).to.include.members(packages);
  });

  // V8 stores a source with a single non-ASCII character in two bytes per character
  it('is ASCII', async () => {
    const other = (await codeOf()).flatMap(([name, code]) =>
      (code.match(/[^\p{ASCII}]/gu) ?? []).map((letter) => `${letter} in ${name}`),
    );
    expect(other).to.deep.equal([]);
  });

  it('leaves what a server of an earlier one may still load, and has the same files for the same source', async () => {
    const names = await readdir(outdir);
    const earlier = join(outdir, 'earlier-AB12CD34.js');
    await writeFile(earlier, '');
    await bundleInto(outdir);
    expect(await readdir(outdir)).to.have.members([...names, basename(earlier)]);
  });

  it('has no translations of messages that nobody sees', () => {
    const written = outputs().flatMap(({ inputs }) => Object.entries(inputs));
    const translations = written.filter(
      ([path, { bytesInOutput }]) => /zod\/.*locales\/(?!en\.js)/.test(path) && bytesInOutput > 0,
    );
    expect(written).to.have.length.above(1000);
    expect(translations).to.deep.equal([]);
  });

  it('lets positions in its files be found in the source', async () => {
    const [name = '', code = ''] = (await codeOf()).find(([, text]) => text.includes('"--expose-gc"')) ?? [];
    const before = code.slice(0, code.indexOf('"--expose-gc"')).split('\n');
    const position = `${name}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
    const stack = [
      `Error: no at releaseHeap (file:///app/dist/${position})`,
      `at file:///C:/pratu/dist/${position}`,
      `at /opt/pratu/dist/${position}`,
    ].join('\n');
    const line = /src\/lib\/release-heap\.ts:\d+:\d+/g;
    for (const text of [stack, JSON.stringify({ err: { stack } })]) {
      const replaced = withSourceLines(text, outdir);
      expect(replaced.unknown).to.equal(0);
      expect(replaced.text.match(line)).to.have.length(3);
      expect(replaced.text).to.not.include('dist/');
    }
    expect(
      JSON.parse(withSourceLines(JSON.stringify({ stack }), outdir).text).stack.split('\n'),
    ).to.have.length(3);
    const other = 'at run (/app/dist/other.js:1:2) at main (/app/node_modules/x/dist/main.js:1:2)';
    expect(withSourceLines(other, outdir)).to.deep.equal({ text: other, unknown: 1 });
  });

  it('is refused from a source that asks for what a bundle does not have', () => {
    expect(withOwnUrl('read(import.meta.url)', '../src/a.ts')).to.equal(
      'read(new URL("../src/a.ts", import.meta.url).href)',
    );
    expect(withOwnUrl("import.meta.resolve('a/b')", '../src/a.ts')).to.equal("import.meta.resolve('a/b')");
    for (const other of [
      'import.meta.dirname',
      'import.meta?.filename',
      "import.meta['dirname']",
      'import.meta',
    ])
      expect(() => withOwnUrl(`read(${other})`, '../src/a.ts'), other).to.throw(`../src/a.ts uses ${other}`);
    expect(() => withOwnUrl("import.meta.resolve('./x')", '../src/a.ts')).to.throw(
      'uses import.meta.resolve',
    );
  });
});
