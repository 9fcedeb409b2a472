import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { expect } from 'chai';
import pg from 'pg';
import { parse } from 'yaml';
import { nginxText } from '../../src/bin/init/proxy-file.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { atEnd } from '../support/at-end.ts';
import { type CommandOptions, command } from '../support/command.ts';
import { newPlace } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { documentedBlock } from '../support/nginx.ts';

const run = promisify(execFile);
const ISSUER = ['--issuer', 'https://id.example.com'];
const MAIL = ['--smtp-url', 'smtps://pratu:p%27$a@mail.example.com'];

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pratu-init-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the command without the variables of a test run, which it would use as answers. */
const init = (args: string[], options: CommandOptions & { answers?: string[] } = {}) =>
  command(['init', ...args], { ...options, env: { DATABASE_URL: '', ...options.env } });
const read = (folder: string, name: string): Promise<string> => readFile(join(folder, name), 'utf8');
const variablesOf = async (folder: string) => parseEnv(await read(folder, '.env')) as Record<string, string>;

describe('pratu init', () => {
  it('writes settings with which production starts, for their owner only', async () => {
    const folder = await emptyFolder();
    const { code, stdout, stderr } = await init([folder, ...ISSUER, ...MAIL]);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(await readdir(folder)).to.have.members(['.env', 'compose.yaml', 'nginx.conf']);
    expect((await stat(join(folder, '.env'))).mode & 0o777).to.equal(0o600);
    const variables = await variablesOf(folder);
    const config = await loadConfig(variables);
    expect(config.environment).to.equal('production');
    expect(config.server).to.include({ issuer: 'https://id.example.com', port: 3000, trustProxy: 1 });
    expect(config.messages).to.include({ smtpUrl: MAIL[1], from: 'Pratu <no-reply@id.example.com>' });
    for (const secret of ['SECRET_KEY', 'METRICS_TOKEN', 'POSTGRES_PASSWORD'])
      expect(stdout).to.not.include(variables[secret]);
  });

  it('makes other secrets each time', async () => {
    const [one, other] = [await emptyFolder(), await emptyFolder()];
    for (const folder of [one, other]) await init([folder, ...ISSUER, ...MAIL]);
    const [first, second] = [await variablesOf(one), await variablesOf(other)];
    for (const name of ['SECRET_KEY', 'METRICS_TOKEN', 'POSTGRES_PASSWORD'])
      expect(first[name]).to.have.length.above(31).and.not.equal(second[name]);
  });

  it('writes a compose file with PostgreSQL, whose password only .env has', async () => {
    const folder = await emptyFolder();
    const image = 'registry.example.com/pratu:1.2.3';
    const { stdout } = await init([folder, ...ISSUER, ...MAIL, '--port', '3100', '--image', image]);
    const { services } = parse(await read(folder, 'compose.yaml'), { merge: true });
    expect(Object.keys(services)).to.deep.equal(['server', 'migrate', 'postgres']);
    expect(stdout).to.include('docker build --tag registry.example.com/pratu:1.2.3 .');
    expect(services.server).to.deep.include({
      image: 'registry.example.com/pratu:1.2.3',
      env_file: '.env',
      read_only: true,
      ports: ['127.0.0.1:3100:3100'],
    });
    expect(services.migrate.depends_on).to.deep.equal({ postgres: { condition: 'service_healthy' } });
    const { POSTGRES_PASSWORD, DATABASE_URL } = await variablesOf(folder);
    expect(DATABASE_URL).to.equal(`postgres://pratu:${POSTGRES_PASSWORD}@postgres:5432/pratu`);
    expect(await read(folder, 'compose.yaml')).to.not.include(POSTGRES_PASSWORD);
  });

  it('leaves PostgreSQL out of it when there is one', async () => {
    const folder = await emptyFolder();
    const url = 'postgres://pratu:secret@db.example.com/pratu';
    await init([folder, ...ISSUER, ...MAIL, '--database-url', url]);
    const { services, volumes } = parse(await read(folder, 'compose.yaml'), { merge: true });
    expect(Object.keys(services)).to.deep.equal(['server', 'migrate']);
    expect([services.migrate.depends_on, volumes]).to.deep.equal([undefined, undefined]);
    expect(await variablesOf(folder))
      .to.include({ DATABASE_URL: url })
      .and.not.have.property('POSTGRES_PASSWORD');
  });

  it('writes the same nginx file as docs/production.md, and one for Caddy', async () => {
    const issuer = new URL('https://id.example.com');
    const [certificate, certificateKey] = ['/etc/ssl/id.example.com.pem', '/etc/ssl/id.example.com.key'];
    const shown = nginxText({ issuer, ports: [3000, 3001], certificate, certificateKey });
    expect(await documentedBlock('production.md')).to.equal(shown);
    const folder = await emptyFolder();
    await init([folder, ...ISSUER, ...MAIL, '--proxy', 'caddy']);
    const caddy = await read(folder, 'Caddyfile');
    expect(caddy)
      .to.match(/^id\.example\.com \{\n/)
      .and.include('reverse_proxy 127.0.0.1:3000 {');
    expect(caddy).to.include('header_up -X-SSL-Client-Cert').and.include('respond /metrics 404');
    expect(caddy).to.include('\t@limited not path /console/import\n\trequest_body @limited {\n');
    const none = await emptyFolder();
    await init([none, ...ISSUER, ...MAIL, '--proxy', 'none']);
    expect(await readdir(none)).to.have.members(['.env', 'compose.yaml']);
    expect(await variablesOf(none)).to.include({ TRUST_PROXY: '0' });
  });

  it('asks for what is not given, and names the command for the first client', async () => {
    const folder = await emptyFolder();
    const answers = ['https://id.example.com/', '', 'https://sms.example.com/send', '', 'none', 'django', ''];
    const { code, stdout, stderr } = await init([folder, '--name', 'My shop'], { answers });
    expect(code, stderr).to.equal(0);
    expect(stderr).to.include('Public https address').and.include('[http://localhost:8000]');
    expect(stdout).to.include("client create --for django --url http://localhost:8000 --name 'My shop'");
    const variables = await variablesOf(folder);
    expect(variables)
      .to.include({ SMS_URL: 'https://sms.example.com/send' })
      .and.not.have.property('SMTP_URL');
  });

  it('prints arguments that a shell passes on unchanged', async () => {
    const folder = await emptyFolder();
    const api = ['--for', 'api', '--resource', 'https://api.example.com/$v', '--name', "O'Hara $(id)"];
    const refused = await init([folder, ...ISSUER, ...MAIL, ...api]);
    expect({ code: refused.code, stdout: refused.stdout }).to.deep.equal({ code: 2, stdout: '' });
    api[3] = 'https://api.example.com/v1';
    const { stdout } = await init([folder, ...ISSUER, ...MAIL, ...api]);
    const [, line = ''] = /pratu\.ts client create (.*)/.exec(stdout) ?? [];
    const { stdout: seen } = await run('sh', ['-c', `printf '%s\\n' ${line}`]);
    expect(seen.trimEnd().split('\n')).to.deep.equal(api);
  });

  it('names the files that it has written when the database does not respond', async () => {
    const folder = await emptyFolder();
    const url = `postgres://pratu:secret-of-mine@127.0.0.1:${await freePort()}/pratu`;
    const { code, stdout, stderr } = await init([
      ...[folder, ...ISSUER, ...MAIL, '--database-url', url],
      ...['--for', 'flask', '--url', 'https://app.example.com'],
    ]);
    expect({ code, stdout }).to.deep.equal({ code: 3, stdout: '' });
    expect(stderr).to.include(`to ${folder}. The first client is not registered.`);
    expect(stderr).to.include('client create --for flask --url https://app.example.com');
    expect(stderr).to.include('The database does not respond').and.not.include('secret-of-mine');
    expect(await readdir(folder)).to.have.members(['.env', 'compose.yaml', 'nginx.conf']);
  });

  // production requires a PostgreSQL server
  const withServer = process.env.DATABASE_URL ? it : undefined;
  withServer?.('registers the first client as the user of the system', async function () {
    this.timeout(60_000);
    const { url: database = '' } = await newPlace();
    const { code, stderr } = await init([
      ...[await emptyFolder(), ...ISSUER, ...MAIL, '--database-url', database],
      ...['--for', 'flask', '--url', 'https://app.example.com'],
    ]);
    expect(code, stderr).to.equal(0);
    const client = new pg.Client(database);
    await client.connect();
    const { rows } = await client.query(`select actor from audit where event = 'client.created'`);
    await client.end();
    expect(rows).to.have.length(1);
    expect(rows[0].actor).to.match(/^command:.+/);
  });

  it('takes variables for answers', async () => {
    const folder = await emptyFolder();
    const env = {
      ISSUER: 'https://id.example.com',
      SMTP_URL: 'smtp://mail.internal',
      MAIL_FROM: 'a@example.com',
    };
    expect((await init([folder, '--yes'], { env, answers: [] })).code).to.equal(0);
    expect(await variablesOf(folder)).to.include(env);
  });

  it('never overwrites a file, not even through a link', async () => {
    for (const name of ['.env', 'compose.yaml', 'nginx.conf']) {
      const folder = await emptyFolder();
      if (name === 'nginx.conf') await symlink(join(folder, 'nowhere'), join(folder, name));
      else await writeFile(join(folder, name), 'mine');
      const { code, stdout, stderr } = await init([folder, ...ISSUER, ...MAIL]);
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
      expect(stderr).to.include(`${name} already exist`).and.include('Nothing was written');
      expect(await readdir(folder)).to.deep.equal([name]);
    }
  });

  it('says what is wrong before it writes anything', async () => {
    const wrong: [args: string[], words: string][] = [
      [[], '--issuer is needed'],
      [ISSUER, '--smtp-url or --sms-url is needed'],
      [['--issuer', 'http://id.example.com', ...MAIL], 'not an https URL'],
      [['--issuer', 'https://id.example.com/auth', ...MAIL], 'not an https URL'],
      [[...ISSUER, ...MAIL, '--proxy', 'apache'], 'Allowed choices'],
      [[...ISSUER, ...MAIL, '--port', 'x'], 'positive decimal number'],
      [[...ISSUER, '--smtp-url', "smtp://o'hara@mail.example.com"], 'SMTP_URL contains a quote'],
      [[...ISSUER, '--smtp-url', 'smtps://a:b\\@mail.example.com'], 'a backslash'],
      [[...ISSUER, ...MAIL, '--mail-from', 'A\r\nBcc: b@example.com'], 'a line break'],
      [['--issuer', 'https://id.example.com;include{}', ...MAIL], 'not an https URL'],
      [['--issuer', 'https://:secret@id.example.com', ...MAIL], 'not an https URL'],
      [[...ISSUER, ...MAIL, '--image', 'pratu\n  privileged: true'], 'It must be an image'],
      [[...ISSUER, ...MAIL, '--image', 'pratu # no'], 'It must be an image'],
      [[...ISSUER, ...MAIL, '--tls-certificate', '/a.pem;\n include /b'], 'It must be a path'],
      [[...ISSUER, ...MAIL, '--tls-key', '$document_root'], 'It must be a path'],
      [[...ISSUER, ...MAIL, '--for', 'partner'], '--redirect-uri'],
      [[...ISSUER, ...MAIL, '--for', 'api'], '--resource'],
      [[...ISSUER, ...MAIL, '--for', 'cli', '--url', 'https://a.example'], '--url has no meaning'],
    ];
    for (const [args, words] of wrong) {
      const folder = await emptyFolder();
      const { code, stderr } = await init([folder, ...args]);
      expect({ args, code }).to.deep.equal({ args, code: 2 });
      expect(stderr).to.include(words);
      expect(await readdir(folder)).to.deep.equal([]);
    }
    const { code, stderr } = await init([await emptyFolder(), ...ISSUER, '--smtp-url', 'mail.example.com']);
    expect(code).to.equal(1);
    expect(stderr).to.include('smtpUrl');
  });

  it('makes the folder, and says when it cannot', async () => {
    const folder = join(await emptyFolder(), 'new', 'id');
    expect((await init([folder, ...ISSUER, ...MAIL])).code).to.equal(0);
    const file = join(await emptyFolder(), 'file');
    await writeFile(file, '');
    const { code, stderr } = await init([file, ...ISSUER, ...MAIL]);
    expect({ code, stderr }).to.deep.equal({
      code: 1,
      stderr: `pratu: Cannot write to ${file} (EEXIST).\n`,
    });
  });
});
