import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type ConfigError, loadConfig } from '../../src/config/load-config.ts';
import { SECRET_VARIABLES } from '../../src/config/variable-files.ts';

const KEY = Buffer.alloc(32, 1).toString('base64');
const VALUES: Record<(typeof SECRET_VARIABLES)[number], string> = {
  SECRET_KEY: KEY,
  DATABASE_URL: 'postgres://pratu:one@db.internal/pratu',
  DATABASE_READ_URL: 'postgres://pratu:ten@replica.internal/pratu',
  REDIS_URL: 'rediss://:two@redis.internal',
  SMTP_URL: 'smtps://pratu:three@mail.internal',
  SMS_URL: 'https://sms.example/send?key=four&to={{to}}',
  METRICS_TOKEN: 'five',
  FACEBOOK_APP_SECRET: 'six',
  FACEBOOK_GRAPH_URL: 'https://graph.example',
  FIREBASE_SIGNER_KEY: 'c2V2ZW4=',
  BOTS_SECRET: 'nine',
  ISSUER: 'https://id.example.com',
};
const REST = { NODE_ENV: 'production', FACEBOOK_APP_ID: '1' };

describe('secrets in files', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pratu-secrets-'));
  });
  after(() => rm(directory, { recursive: true }));

  let written = 0;
  async function fileWith(text: string): Promise<string> {
    written += 1;
    const file = join(directory, `secret-${written}`);
    await writeFile(file, text);
    return file;
  }
  async function problemsOf(variables: Record<string, string>): Promise<readonly string[]> {
    try {
      await loadConfig({ ...REST, ...VALUES, ...variables });
      return [];
    } catch (error) {
      return (error as ConfigError).problems;
    }
  }

  for (const end of ['', '\n', '\r\n'])
    it(`give what the variables would, with ${JSON.stringify(end)} at the end`, async () => {
      const files: Record<string, string> = {};
      for (const name of SECRET_VARIABLES) files[`${name}_FILE`] = await fileWith(VALUES[name] + end);
      expect(await loadConfig({ ...REST, ...files })).to.deep.equal(await loadConfig({ ...REST, ...VALUES }));
    });

  it('are refused beside their variables, all at once; an empty variable is none', async () => {
    const file = await fileWith(`${KEY}\n`);
    expect(await problemsOf({ SECRET_KEY_FILE: file, SMTP_URL_FILE: file })).to.deep.equal([
      'SECRET_KEY, SECRET_KEY_FILE: both are set; set only one of them',
      'SMTP_URL, SMTP_URL_FILE: both are set; set only one of them',
    ]);
    expect(await problemsOf({ SECRET_KEY: '', SECRET_KEY_FILE: file })).to.deep.equal([]);
    expect(await problemsOf({ SECRET_KEY_FILE: '' })).to.deep.equal([]);
  });

  it('that cannot be read, are empty or have several lines are told without their content or name', async () => {
    for (const [file, problem] of [
      ['postgres://pratu:hunter2@db/pratu', 'the file cannot be read (ENOENT)'],
      [directory, 'the file cannot be read (EISDIR)'],
      [await fileWith('\n'), 'the file is empty'],
      [await fileWith('postgres://a\npostgres://hunter2\n'), 'the file has more than one line'],
    ] as const)
      expect(await problemsOf({ DATABASE_URL: '', DATABASE_URL_FILE: file })).to.deep.equal([
        `DATABASE_URL_FILE: ${problem}`,
      ]);
  });

  it('are those that config/README.md lists', async () => {
    const page = await readFile(new URL('../../config/README.md', import.meta.url), 'utf8');
    const listed = [...page.matchAll(/`([A-Z_]+)_FILE`/g)].map(([, name = '']) => name);
    expect(new Set(listed)).to.deep.equal(new Set([...SECRET_VARIABLES, 'CONFIG']));
  });

  it('and whatever is wrong with a URL is told by its variable, without a word of it', async () => {
    for (const [name, value, problem] of [
      ['SMTP_URL', 'hunter2.example', 'is not a URL: it must start with smtp:// or smtps://'],
      ['SMTP_URL', 'https://hunter2', 'starts with https://, but must start with smtp:// or smtps://'],
      ['SMTP_URL', 'smtp://user:12/hunter2@mail', 'contains an @ after the host'],
      ['SMTP_URL', 'smtp://user:1#hunter2@mail', 'contains a #'],
      ['SMTP_URL', 'smtp://:25', 'is not a URL: invalid host or port'],
      ['SMTP_URL', 'smtp://', 'has no host'],
      ['DATABASE_URL', 'postgres://pratu:hunter2#@db/pratu', 'invalid host or port'],
      ['DATABASE_URL', 'postgres://pratu:50%hunter2@db/pratu', 'contains an invalid %-encoding'],
      ['REDIS_URL', 'redis://:hunter2 @redis', 'contains white space'],
      ['REDIS_URL', 'hunter2:6379', 'must start with redis://, rediss://'],
      ['REDIS_URL', 'redis://:hunter2@a,b', 'has several hosts'],
      ['REDIS_URL', 'redis+sentinel://:hunter2@a', 'lacks the name of the primary'],
      ['REDIS_URL', 'redis://:50%hunter2@a', 'contains an invalid %-encoding'],
      ['SMS_URL', 'https://', 'invalid host or port'],
    ] as const) {
      const problems = await problemsOf({ [name]: value });
      expect(problems, value).to.have.length(1);
      expect(problems[0])
        .to.match(new RegExp(`^${name} \\(\\w+\\.\\w+\\): `))
        .and.include(problem);
      expect(problems[0]).to.not.include('hunter2');
    }
  });

  it('a setting of a file of one’s own goes by its own name, and a slip in that file by its line', async () => {
    const own = await fileWith('messages: { smtpUrl: hunter2 }');
    const [problem = ''] = await problemsOf({ SMTP_URL: '', CONFIG_FILE: own });
    expect(problem).to.match(/^messages\.smtpUrl: is not a URL/);
    const broken = await fileWith('messages:\n  smsHeaders: { authorization: "hunter2\n');
    const [told = ''] = await problemsOf({ CONFIG_FILE: broken });
    expect(told)
      .to.match(/is not valid YAML: line \d/)
      .and.not.include('hunter2');
  });

  it('and URLs of a socket, of IPv6 and with encoded characters are right', async () => {
    for (const DATABASE_URL of [
      'postgres:///pratu?host=/run/postgresql',
      'postgresql://a%40b:c%23d@[::1]:5433/p',
    ])
      expect(await problemsOf({ DATABASE_URL })).to.deep.equal([]);
  });
});
