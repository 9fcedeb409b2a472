import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseEnv, promisify } from 'node:util';
import { expect } from 'chai';
import { atEnd } from '../support/at-end.ts';
import { LOCALHOST } from '../support/certificate.ts';
import { command, PRATU } from '../support/command.ts';
import { newPlace } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { NGINX, startNginx } from '../support/nginx.ts';

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));
/** For a machine that is busy with other tests. docs/production.md has the time on an idle machine. */
const WITHIN_MS = 240_000;

/** Starts the server with the settings of a folder and no others. It runs until the end of the run. */
function startFrom(folder: string): void {
  const child = spawn(process.execPath, ['--env-file=.env', MAIN], {
    cwd: folder,
    env: { PATH: process.env.PATH },
    stdio: 'ignore',
  });
  atEnd(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
}

/** Retries a request while no server listens yet. Throws the last failure after `WITHIN_MS`. */
async function untilAnswered<T>(request: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await setTimeout(200);
  }
}

// production requires a PostgreSQL server: the embedded one is for development
const withServer = process.env.DATABASE_URL ? describe : undefined;
withServer?.('from an empty folder to the first token', () => {
  if (!NGINX) {
    it('(nginx is not installed)');
    return;
  }

  it('leads pratu init, with nginx and curl', async function () {
    this.timeout(2 * WITHIN_MS);
    const folder = await mkdtemp(join(tmpdir(), 'pratu-first-'));
    atEnd(() => rm(folder, { recursive: true, force: true }));
    const { url: database = '' } = await newPlace();
    const [port, tlsPort] = [await freePort(), await freePort()];
    const certificate = join(folder, 'localhost.pem');
    await writeFile(certificate, LOCALHOST.cert);
    await writeFile(join(folder, 'localhost.key'), LOCALHOST.key);

    const options = {
      '--issuer': `https://localhost:${tlsPort}`,
      '--port': String(port),
      '--database-url': database,
      '--smtp-url': 'smtps://mail.example.com',
      '--tls-certificate': certificate,
      '--tls-key': join(folder, 'localhost.key'),
      '--for': 'service',
    };
    const args = [PRATU, 'init', ...Object.entries(options).flat(), '--json'];
    const { stdout } = await run(process.execPath, args, { cwd: folder, env: { PATH: process.env.PATH } });
    const { files, client } = JSON.parse(stdout);
    expect(files).to.deep.equal(['.env', 'compose.yaml', 'nginx.conf']);
    startFrom(folder);
    const nginx = await readFile(join(folder, 'nginx.conf'), 'utf8');
    await startNginx(() => nginx, { port: tlsPort, files: {} });

    const [request] = client.files;
    const env = { PATH: process.env.PATH, CURL_CA_BUNDLE: certificate };
    const answer = await untilAnswered(() => run('bash', ['-c', `${request.text} --silent --fail`], { env }));
    const token = JSON.parse(answer.stdout);
    expect(token).to.include({ token_type: 'Bearer' }).and.have.property('access_token');

    // the operator's own token for /metrics, which the proxy does not expose
    const { METRICS_TOKEN } = parseEnv(await readFile(join(folder, '.env'), 'utf8'));
    const authorization = `Bearer ${METRICS_TOKEN}`;
    const metrics = ['-s', '-o', '/dev/null', '-w', '%{http_code}', '-H', `Authorization: ${authorization}`];
    const inside = await run('curl', [...metrics, `http://127.0.0.1:${port}/metrics`]);
    const outside = await run('curl', [...metrics, `https://localhost:${tlsPort}/metrics`], { env });
    expect([inside.stdout, outside.stdout]).to.deep.equal(['200', '404']);
  });

  it('has a file that nginx accepts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pratu-nginx-'));
    atEnd(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'c.pem'), LOCALHOST.cert);
    await writeFile(join(folder, 'c.key'), LOCALHOST.key);
    const files = ['--tls-certificate', join(folder, 'c.pem'), '--tls-key', join(folder, 'c.key')];
    const settings = ['--issuer', 'https://id.example.com', '--sms-url', 'https://sms.example.com', ...files];
    expect((await command(['init', folder, ...settings])).code).to.equal(0);
    const main = join(folder, 'main.conf');
    await writeFile(
      main,
      `pid ${folder}/pid; error_log stderr; events {} http { include ${folder}/nginx.conf; }`,
    );
    const { status, stderr } = spawnSync(NGINX ?? '', ['-t', '-p', folder, '-c', main, '-e', 'stderr']);
    expect(status, String(stderr)).to.equal(0);
  });
});
