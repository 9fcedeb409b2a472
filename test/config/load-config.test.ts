import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ConfigError, loadConfig } from '../../src/config/load-config.ts';

const KEY = Buffer.alloc(32, 1).toString('base64');

const PRODUCTION = {
  NODE_ENV: 'production',
  SECRET_KEY: KEY,
  ISSUER: 'https://id.example.com',
  DATABASE_URL: 'postgres://localhost/pratu',
  SMTP_URL: 'smtp://localhost',
};

async function problemsOf(variables: Record<string, string>): Promise<string[]> {
  try {
    await loadConfig(variables);
    return [];
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigError);
    return (error as ConfigError).problems;
  }
}

describe('the settings', () => {
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pratu-config-'));
  });

  after(() => rm(directory, { recursive: true }));

  it('have a domain of passkeys that is the issuer’s host or above it', async () => {
    const file = join(directory, 'passkeys.yaml');
    const problem = 'passkeys.rpId: must be the host of ISSUER or a domain above it';
    for (const [rpId, problems] of [
      ['id.example.com', []],
      ['example.com', []],
      ['ample.com', [problem]],
      ['other.example.com', [problem]],
      ['example.net', [problem]],
    ] as const) {
      await writeFile(file, `passkeys: { rpId: ${rpId} }\n`);
      expect(await problemsOf({ ...PRODUCTION, CONFIG_FILE: file }), rpId).to.deep.equal(problems);
    }
  });

  it('name the proxies whose client certificates are trusted', async () => {
    const file = join(directory, 'mutual-tls.yaml');
    const proxies = 'mutualTls.proxies: name the proxies whose certificate header is trusted';
    const trust = 'TRUST_PROXY: client certificates need a trusted proxy';
    const network = 'mutualTls.proxies.0: must be a network, such as 10.0.0.0/8 or 127.0.0.1/32';
    for (const [settings, problems, TRUST_PROXY = '1'] of [
      ['{ header: nginx, proxies: [10.0.0.5/32], host: mtls.id.example.com }', []],
      ['{ header: envoy, proxies: [10.0.0.5/32], envoyVerifies: true }', []],
      ['{ header: nginx }', [proxies]],
      ['{ header: nginx, proxies: [10.0.0.5/32] }', [trust], '0'],
      ['{ header: nginx, proxies: [proxy.internal] }', [network]],
      ['{ host: mtls.id.example.com }', ['mutualTls.host: needs mutualTls.header']],
      [
        '{ header: nginx, proxies: [10.0.0.5/32], envoyVerifies: true }',
        ['mutualTls.envoyVerifies: is for the header of Envoy; nginx says itself what it verified'],
      ],
    ] as const) {
      await writeFile(file, `mutualTls: ${settings}\n`);
      expect(await problemsOf({ ...PRODUCTION, CONFIG_FILE: file, TRUST_PROXY }), settings).to.deep.equal(
        problems,
      );
    }
  });

  it('are refused by name when they would fail later', async () => {
    const file = join(directory, 'later.yaml');
    const entry = 'must be a host name, such as sms.lan, or a network, such as 10.0.0.0/8';
    const zone = 'must be the IANA name of a time zone, such as Asia/Bangkok';
    const host = 'must be a host, such as id.example.com or localhost:8443';
    for (const [settings, problem] of [
      ['outbound: { allow: [sms.lan, SMS_gateway, 10.1.2.3, 10.0.0.0/8, ::1, fd00::/8] }'],
      ...['http://sms.lan', 'sms.lan:80', 'sms lan', '10.0.0.0/33', 'sms.lan/24', '*.lan', '[::1]', ''].map(
        (allow) => [`outbound: { allow: ['${allow}'] }`, `outbound.allow.0: ${entry}`] as const,
      ),
      ['server: { timeZone: UTC }'],
      ['server: { timeZone: Asia/Bankok }', `server.timeZone: ${zone}`],
      ["server: { timeZone: '+07:00' }", `server.timeZone: ${zone}`],
      ["server: { hosts: [ID.example.com, 'localhost:8443', '[::1]:3000'] }"],
      ["server: { hosts: ['https://id.example.com'] }", `server.hosts.0: ${host}`],
      ["console: { host: 'console.example.com:99999' }", `console.host: ${host}`],
      [
        'oneTimeCodes: { countries: [th] }',
        'oneTimeCodes.countries.0: must be a code of ISO 3166-1, such as TH',
      ],
      ["pages: { logoUri: 'logo.png' }", 'pages.logoUri: Invalid URL'],
      ["pages: { supportUri: 'javascript:alert(1)' }", 'pages.supportUri: Invalid URL'],
      ['messages: { pollMs: 2147483648 }', 'messages.pollMs: Too big: expected number to be <=2147483647'],
      ['jobs: { auditDays: 36501 }', 'jobs.auditDays: Too big: expected number to be <=36500'],
      ['server: 5', 'server: must be a mapping of settings'],
      ['database: []', 'database: must be a mapping of settings'],
    ] as const) {
      await writeFile(file, `${settings}\n`);
      const problems = await problemsOf({ ...PRODUCTION, CONFIG_FILE: file });
      expect(problems, settings).to.deep.equal(problem === undefined ? [] : [problem]);
    }
  });

  it('are not changed by an empty section', async () => {
    const file = join(directory, 'empty.yaml');
    await writeFile(file, 'server:\nupstream:\npages:\n  productName:\nmessages: { smsHeaders: }\n');
    const changed = await loadConfig({ ...PRODUCTION, CONFIG_FILE: file });
    expect(changed).to.deep.equal(await loadConfig(PRODUCTION));
    await writeFile(file, 'other:\n');
    expect(await problemsOf({ ...PRODUCTION, CONFIG_FILE: file })).to.deep.equal(['other: unknown setting']);
  });

  it('that are unknown are named, with what took the place of a renamed one', async () => {
    const file = join(directory, 'unknown.yaml');
    await writeFile(file, 'keys: { alwaysOk: true }\ntokens: { accesToken: 5 }\n');
    expect(await problemsOf({ DATA_DIR: directory, CONFIG_FILE: file })).to.have.members([
      'keys: split into signingKeys (rotateDays, announceSeconds, retainSeconds) and keysApi (alwaysOk)',
      'tokens.accesToken: unknown setting',
    ]);
  });

  it('are complete in each environment', async () => {
    const development = await loadConfig({ DATA_DIR: directory });
    expect(development.environment).to.equal('development');
    expect(development.server.issuer).to.equal('http://localhost:3000');
    const production = await loadConfig(PRODUCTION);
    expect(production.server.host).to.equal('0.0.0.0');
    expect(production.messages.outbox).to.equal(false);
  });

  it('take 0 workers for as many as there are processors', async () => {
    const workersOf = async (WORKERS: string) =>
      (await loadConfig({ ...PRODUCTION, WORKERS })).server.workers;
    expect(await workersOf('')).to.equal(1);
    expect(await workersOf('0')).to.equal(availableParallelism());
    expect(await workersOf('3')).to.equal(3);
    for (const WORKERS of ['-1', '1.5', 'many', '257'])
      expect(await problemsOf({ ...PRODUCTION, WORKERS }), WORKERS).to.have.length(1);
  });

  it('are all reported together when they are wrong', async () => {
    const problems = await problemsOf({
      NODE_ENV: 'production',
      PORT: 'a port',
      LOG_LEVEL: 'loud',
      ISSUER: 'http://id.example.com/path/',
    });
    const text = problems.join('\n');
    for (const word of [
      'server.port',
      'log.level',
      'path',
      'https',
      'SECRET_KEY',
      'DATABASE_URL',
      'SMTP_URL',
    ]) {
      expect(text).to.contain(word);
    }
    expect(new Set(problems).size).to.equal(problems.length);
  });

  it('refuse what opens development to others', async () => {
    const open = { DATA_DIR: directory, HOST: '0.0.0.0', ISSUER: 'http://id.example.com' };
    expect(await problemsOf(open)).to.have.length(2);
  });

  it('let development listen to other machines on request', async () => {
    const open = { DATA_DIR: directory, HOST: '0.0.0.0' };
    expect(await problemsOf({ ...open, DEVELOPMENT_PUBLIC: '1' })).to.deep.equal([]);
    for (const DEVELOPMENT_PUBLIC of ['', '0'])
      expect((await problemsOf({ ...open, DEVELOPMENT_PUBLIC })).join()).to.include(
        'DEVELOPMENT_PUBLIC=1 allows it',
      );
    expect((await problemsOf({ ...open, DEVELOPMENT_PUBLIC: 'yes' })).join()).to.match(
      /^DEVELOPMENT_PUBLIC .*must be 1 or 0/,
    );
  });

  const wrongAddresses: [string, Record<string, string>][] = [
    ['database.url', { DATABASE_URL: 'mysql://db.example/pratu' }],
    ['takes no writes', { DATABASE_URL: 'postgres://a,b/c?target_session_attrs=standby' }],
    ['names 2 ports for 3 hosts', { DATABASE_URL: 'postgres:///d?host=a,b,c&port=1,2' }],
    ['database.readUrl', { DATABASE_READ_URL: 'postgres://a/b?target_session_attrs=any-will-do' }],
    [
      'DATABASE_READ_URL: needs DATABASE_URL',
      { DATABASE_URL: '', DATABASE_READ_URL: 'postgres://replica.internal/pratu' },
    ],
    ['redis.url', { REDIS_URL: 'http://redis.example' }],
    ['messages.smtpUrl', { SMTP_URL: 'mail.example' }],
    ['messages.smsUrl', { SMS_URL: 'sms' }],
    ['METRICS_PORT', { METRICS_PORT: '3000' }],
    ['NODE_ENV', { NODE_ENV: 'staging', DATA_DIR: tmpdir() }],
    ['CONFIG_FILE', { CONFIG_FILE: '/nowhere/settings.yaml' }],
  ];
  for (const [name, variables] of wrongAddresses) {
    it(`refuse a wrong ${name} in words`, async () => {
      const problems = await problemsOf({ ...PRODUCTION, ...variables });
      expect(problems.join()).to.contain(name);
    });
  }

  it('want a Facebook app with its secret, or neither', async () => {
    const half = 'FACEBOOK_APP_ID, FACEBOOK_APP_SECRET: set both or neither';
    expect(await problemsOf({ ...PRODUCTION, FACEBOOK_APP_ID: '1' })).to.deep.equal([half]);
    expect(await problemsOf({ ...PRODUCTION, FACEBOOK_APP_SECRET: 'x' })).to.deep.equal([half]);
    const both = { FACEBOOK_APP_ID: '1', FACEBOOK_APP_SECRET: 'x' };
    expect(await problemsOf({ ...PRODUCTION, ...both })).to.deep.equal([]);
  });

  it('refuse a key that only looks like base64, and one that is there twice', async () => {
    const sloppy = `${'A!'.repeat(43)}=`;
    expect(await problemsOf({ ...PRODUCTION, SECRET_KEY: sloppy })).to.have.length(1);
    expect(await problemsOf({ ...PRODUCTION, SECRET_KEY: `${KEY},${KEY}` })).to.have.length(1);
  });

  it('name an invalid key, and never show it', async () => {
    const problems = await problemsOf({ ...PRODUCTION, SECRET_KEY: `${KEY},hunter2` });
    expect(problems).to.have.length(1);
    expect(problems[0]).to.match(/key 2/);
    expect(problems[0]).to.not.contain('hunter2');
  });

  it('refuse members that nobody reads, and files of another shape', async () => {
    const file = join(directory, 'settings.yaml');
    for (const text of ['server: text', 'server: { isuer: x }', 'database: 3']) {
      await writeFile(file, text);
      expect(await problemsOf({ ...PRODUCTION, CONFIG_FILE: file }), text).to.not.have.length(0);
    }
  });

  it('keep one key of development’s own, which only its owner can read', async () => {
    const [first, second] = await Promise.all([
      loadConfig({ DATA_DIR: directory }),
      loadConfig({ DATA_DIR: directory }),
    ]);
    expect(first.secrets.keys).to.deep.equal(second.secrets.keys);
    expect((await stat(join(directory, 'secret-key'))).mode & 0o777).to.equal(0o600);
  });
});
