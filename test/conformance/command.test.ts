import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { LOCALHOST } from '../support/certificate.ts';
import { type Deployment, deployment } from './deployment.ts';

const COMMAND = fileURLToPath(new URL('../../conformance/conformance.ts', import.meta.url));

describe('npm run conformance', function () {
  this.timeout(60_000);
  let target: Deployment;
  let folder: string;

  before(async () => {
    target = await deployment();
    folder = await mkdtemp(join(tmpdir(), 'pratu-test-'));
    await writeFile(join(folder, 'ca.pem'), LOCALHOST.cert);
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
    await target?.stop();
  });

  /** Runs the command in a process of its own. Never rejects. */
  const run = (args: string[], secret = target.admin.secret) =>
    new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      const env = {
        PATH: process.env.PATH,
        NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
        CONFORMANCE_ADMIN_SECRET: secret,
      };
      execFile(process.execPath, [COMMAND, ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: error ? error.code : 0, stdout, stderr }),
      );
    });
  const server = (): string[] => ['--issuer', target.url, '--admin-client', target.admin.id];

  it('checks a server that runs, group by group', async () => {
    const { code, stdout, stderr } = await run(['redirect-uri', 'registration', ...server(), '--json', '-']);
    expect(code, stderr).to.equal(0);
    const { issuer, checks } = JSON.parse(stdout);
    expect(issuer).to.equal(target.url);
    const results = new Map<string, string>(
      checks.map(({ id, result }: Record<string, string>) => [id, result]),
    );
    expect(results.get('redirect-uri-query')).to.equal('passed');
    // there is no initial access token
    expect(results.get('registration-fragment')).to.equal('not applicable');
    expect([...results.values()]).to.not.include('failed');
  });

  it('exits with 1 when it cannot, and with 2 for a wrong command line', async () => {
    expect((await run(['discovery', ...server()], 'wrong')).code).to.equal(1);
    const unknown = await run(['everything', ...server()]);
    expect(unknown.code).to.equal(2);
    expect(unknown.stderr).to.match(/^unknown: everything/);
    expect((await run(['--issuer', target.url])).code).to.equal(2);
  });
});
