import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { runCommand } from '../support/command.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { commandsOf, shellBlocks, wordsOf } from './shell-blocks.ts';

const run = promisify(execFile);
const EXAMPLE = 'examples/service-account/service-account.js';
const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

describe('examples/service-account', () => {
  let server: TestServer;
  let folder: string;
  before(async () => {
    server = await testServer();
    folder = await mkdtemp(join(tmpdir(), 'service-account-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('gets a token by the commands of docs/service-accounts.md', async () => {
    const [block = ''] = shellBlocks(await readFile(file('docs/service-accounts.md'), 'utf8'));
    const [newKey = '', create = '', token = ''] = await commandsOf(block);
    const node = (command: string) => {
      const [program, script, ...words] = wordsOf(command);
      expect([program, script]).to.deep.equal(['node', EXAMPLE]);
      return run(process.execPath, [file(EXAMPLE), ...words], {
        cwd: folder,
        env: { PATH: process.env.PATH, ISSUER: server.url },
      });
    };
    await node(newKey);
    const words = wordsOf(create.replace('npm run pratu -- ', ''));
    const made = await runCommand([...words.slice(0, -1), join(folder, words.at(-1) ?? '')]);
    expect(made.code, made.stderr).to.equal(0);
    expect(made.stdout).to.not.include('secret');
    const { access_token } = JSON.parse((await node(token)).stdout);
    expect(decodeJwt(access_token)).to.include({ sub: 'reports', scope: 'api:read' });
  });
});
