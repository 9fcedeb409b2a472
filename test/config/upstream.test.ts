import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { effectiveSettings } from '../../src/config/effective-settings.ts';
import { ConfigError, loadConfig } from '../../src/config/load-config.ts';

const pem = (namedCurve: string): string =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

const google = { id: 'google', kind: 'google', clientId: 'client', clientSecret: 'a-google-secret' };
const apple = {
  id: 'apple',
  kind: 'apple',
  clientId: 'web',
  teamId: 'T',
  keyId: 'K',
  privateKey: pem('P-256'),
};
const staff = {
  ...{
    id: 'staff',
    kind: 'oidc',
    issuer: 'https://idp.example',
    clientId: 'c',
    clientSecret: 'a-staff-secret',
  },
  name: { th: 'พนักงาน', en: 'Staff' },
};

describe('the settings of other providers', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pratu-upstream-'));
  });
  after(() => rm(directory, { recursive: true }));

  async function variablesOf(settings: object, more: Record<string, string> = {}) {
    const file = join(directory, 'own.yaml');
    await writeFile(file, stringify(settings));
    return { DATA_DIR: directory, CONFIG_FILE: file, ...more };
  }

  async function problemsOf(upstream: readonly object[], more?: Record<string, string>): Promise<string[]> {
    try {
      await loadConfig(await variablesOf({ upstream }, more));
      return [];
    } catch (error) {
      expect(error).to.be.instanceOf(ConfigError);
      return (error as ConfigError).problems;
    }
  }

  it('are empty by default, and keep their order', async () => {
    expect((await loadConfig({ DATA_DIR: directory })).upstream).to.deep.equal([]);
    const { upstream } = await loadConfig(await variablesOf({ upstream: [staff, google, apple] }));
    expect(upstream.map(({ id }) => id)).to.deep.equal(['staff', 'google', 'apple']);
    expect(upstream[0]).to.include({ trustEmail: false });
  });

  const wrong: [string, readonly object[], RegExp, Record<string, string>?][] = [
    ['an id that a path cannot have', [{ ...google, id: 'Google/1' }], /^upstream\.0\.id/],
    ['an id twice', [google, { ...staff, id: 'google' }], /the id google occurs twice/],
    ['a kind that there is not', [{ ...google, kind: 'twitter' }], /^upstream\.0\.kind/],
    ['no secret', [{ ...google, clientSecret: undefined }], /^upstream\.0\.clientSecret/],
    ['a member of another kind', [{ ...google, teamId: 'T' }], /upstream\.0\.teamId/],
    ['a key of another curve', [{ ...apple, privateKey: pem('P-384') }], /must be a P-256 private key/],
    ['a key that is none', [{ ...apple, privateKey: 'key' }], /must be a P-256 private key/],
    ['a provider without a name', [{ ...staff, name: undefined }], /^upstream\.0\.name/],
    ['a provider without an issuer', [{ ...staff, issuer: undefined }], /^upstream\.0\.issuer/],
    ['an issuer with a password', [{ ...staff, issuer: 'https://u:p@idp.example' }], /^upstream\.0\.issuer/],
    ['an issuer that is no URL', [{ ...staff, issuer: 'idp.example' }], /^upstream\.0\.issuer/],
    [
      'a plain http issuer in production',
      [{ ...staff, issuer: 'http://idp.example' }],
      /the issuer of staff must be https in production/,
      {
        ...{ NODE_ENV: 'production', SECRET_KEY: Buffer.alloc(32, 1).toString('base64') },
        ...{ ISSUER: 'https://id.example.com', DATABASE_URL: 'postgres://localhost/pratu' },
        SMTP_URL: 'smtp://localhost',
      },
    ],
    [
      'Facebook twice',
      [
        { ...google, kind: 'facebook' },
        { ...google, id: 'fb', kind: 'facebook' },
      ],
      /only one provider can be of the kind facebook/,
    ],
    [
      'another app of Facebook than the Keys API has',
      [{ ...google, id: 'facebook', kind: 'facebook' }],
      /must be FACEBOOK_APP_ID/,
      { FACEBOOK_APP_ID: '1', FACEBOOK_APP_SECRET: 'two' },
    ],
  ];
  for (const [what, upstream, problem, more] of wrong)
    it(`are refused for ${what}`, async () => {
      const problems = await problemsOf(JSON.parse(JSON.stringify(upstream)), more);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.match(problem);
      expect(problems.join()).to.not.include('a-google-secret');
    });

  it('read secrets from files, and say what is wrong with one', async () => {
    const [secret, key] = [join(directory, 'secret'), join(directory, 'key')];
    await writeFile(secret, 'from-a-file\n');
    await writeFile(key, apple.privateKey);
    const { clientSecret: _, ...noSecret } = google;
    const { privateKey: __, ...noKey } = apple;
    const files = [
      { ...noSecret, clientSecretFile: secret },
      { ...noKey, privateKeyFile: key },
    ];
    const { upstream } = await loadConfig(await variablesOf({ upstream: files }));
    expect(upstream[0]).to.include({ clientSecret: 'from-a-file' });
    expect(upstream[1]).to.include({ privateKey: apple.privateKey.trim() });
    const both = await problemsOf([{ ...google, clientSecretFile: secret }]);
    expect(both).to.deep.equal([
      'upstream.0.clientSecret, upstream.0.clientSecretFile: both are set; set only one of them',
    ]);
    const missing = await problemsOf([{ ...noSecret, clientSecretFile: '/nowhere' }]);
    expect(missing[0]).to.equal('upstream.0.clientSecretFile: the file cannot be read (ENOENT)');
  });

  it('are shown without their secrets', async () => {
    const variables = await variablesOf({ upstream: [google, apple, staff] });
    const settings = await effectiveSettings(await loadConfig(variables), variables);
    const shown = settings.find(({ name }) => name === 'upstream');
    expect(shown?.source).to.equal('CONFIG_FILE');
    expect(shown?.value)
      .to.include('"clientId":"web"')
      .and.not.match(/secret|PRIVATE/i);
  });
});
