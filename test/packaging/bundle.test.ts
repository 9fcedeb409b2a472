import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Metafile } from 'esbuild';
import { bundleInto, OTHER_DRIVERS, withOwnUrl } from '../../scripts/bundle/bundle.ts';
import { withSourceLines } from '../../scripts/bundle/source-lines.ts';
import { atEnd } from '../support/at-end.ts';
import { startProcess } from '../support/process.ts';

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
    const token = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('client:secret')}` },
      body: new URLSearchParams({
        grant_type: 'password',
        username: '0812345678',
        password: 'correct-horse-battery',
        scope: 'openid',
      }),
    });
    expect(await token.json()).to.include.keys('access_token', 'id_token');
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
    const packages = outputs()
      .flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path))
      .filter((path) => !isBuiltin(path))
      .map((path) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
    expect(packages).to.include.members(['pino', '@node-rs/argon2']);
    expect([...Object.keys(dependencies), ...OTHER_DRIVERS]).to.include.members(packages);
  });

  // V8 keeps a source with one other letter in two bytes for each letter
  it('is ASCII', async () => {
    const other = (await codeOf()).flatMap(([name, code]) =>
      (code.match(/[^\p{ASCII}]/gu) ?? []).map((letter) => `${letter} in ${name}`),
    );
    expect(other).to.deep.equal([]);
  });

  it('leaves nothing of an earlier one', async () => {
    const names = (await readdir(outdir)).sort();
    metafile = await bundleInto(outdir);
    expect((await readdir(outdir)).sort()).to.deep.equal(names);
    expect(names).to.have.members(
      Object.keys(metafile.outputs).map((path) => relative(outdir, join(ROOT, path))),
    );
  });

  it('lets positions in its files be found in the source', async () => {
    const [name = '', code = ''] = (await codeOf()).find(([, text]) => text.includes('"--expose-gc"')) ?? [];
    const before = code.slice(0, code.indexOf('"--expose-gc"')).split('\n');
    const position = `${name}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
    const stack = `at releaseHeap (file:///app/dist/${position})\\n    at run (/app/dist/other.js:1:2)`;
    expect(withSourceLines(stack, outdir))
      .to.match(/^at releaseHeap \(src\/lib\/release-heap\.ts:\d+:\d+\)/)
      .and.include('at run (/app/dist/other.js:1:2)');
    expect(withSourceLines('{"msg":"as it was"}', outdir)).to.equal('{"msg":"as it was"}');
  });

  it('is refused from a source that asks for what a bundle does not have', () => {
    expect(withOwnUrl('read(import.meta.url)', '../src/a.ts')).to.equal(
      'read(new URL("../src/a.ts", import.meta.url).href)',
    );
    expect(() => withOwnUrl('read(import.meta.dirname)', '../src/a.ts')).to.throw(
      '../src/a.ts uses import.meta.dirname',
    );
  });
});
