import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { z } from 'zod';
import { configSchema } from '../../src/config/config.ts';
import { effectiveSettings } from '../../src/config/effective-settings.ts';
import { VARIABLES } from '../../src/config/environment.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { TEST_SECRET_KEY } from '../support/config.ts';

const CANARY = 'canary-7f3a';
const SECRET_KEY = TEST_SECRET_KEY;

/** `slice.member` of every setting. */
const members: readonly string[] = Object.entries(configSchema.shape).flatMap(([slice, schema]) => {
  const { shape } = schema as unknown as { shape?: Record<string, z.ZodType> };
  return shape ? Object.keys(shape).map((member) => `${slice}.${member}`) : [slice];
});

/** Members whose names suggest a secret that they are not. */
const HARMLESS = [
  'facebook.graphUrl',
  'passwords.breachedUrl',
  'bots.siteKey',
  'bots.verifyUrl',
  'passkeys.withoutPassword',
  'secondFactor.passwordGrant',
  'selfService.emailNeedsPassword',
  'server.bodyBytes',
  'server.headersTimeoutMs',
  'tokens.accessToken',
  'tokens.clientCredentials',
  'tokens.idToken',
  'tokens.jwtAccessToken',
  'tokens.key',
  'tokens.passwordAccessToken',
  'tokens.selfServiceToken',
];

describe('effective settings', () => {
  const settingsOf = async (variables: Record<string, string>) =>
    effectiveSettings(await loadConfig(variables), variables);

  it('name the file, the variable or the computation that each value comes from', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pratu-settings-'));
    const file = join(folder, 'own.yaml');
    await writeFile(file, 'tokens:\n  accessToken: 1200\nattempts:\n  perAccount: 7\n');
    try {
      const settings = await settingsOf({
        NODE_ENV: 'test',
        SECRET_KEY,
        CONFIG_FILE: file,
        PORT: '4123',
      });
      const found = (name: string) => settings.find((one) => one.name === name);
      expect(found('environment')).to.include({ value: 'test', source: 'NODE_ENV' });
      expect(found('tokens.accessToken')).to.include({ value: '1200', source: 'CONFIG_FILE' });
      expect(found('attempts.perAccount')).to.include({ value: '7', source: 'CONFIG_FILE' });
      expect(found('attempts.windowSeconds')).to.include({ value: '900', source: 'config/default.yaml' });
      expect(found('log.level')).to.include({ value: 'silent', source: 'config/test.yaml' });
      expect(found('server.port')).to.include({ value: '4123', source: 'PORT' });
      expect(found('server.issuer')).to.include({ value: 'http://localhost:4123', source: 'computed' });
      expect(found('database.url'), 'not set').to.equal(undefined);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('are all that the server has', async () => {
    const settings = await settingsOf({ NODE_ENV: 'test', SECRET_KEY });
    const config = await loadConfig({ NODE_ENV: 'test', SECRET_KEY });
    const set = members.filter((name) => {
      const [slice = '', member] = name.split('.');
      const value = (config as Record<string, unknown>)[slice];
      return (member === undefined ? value : (value as Record<string, unknown>)[member]) !== undefined;
    });
    expect(settings.map(({ name }) => name)).to.have.members(set);
  });

  it('hide every setting that is a secret or may contain one', async () => {
    const config = await loadConfig({ NODE_ENV: 'test', SECRET_KEY });
    const secretive = members.filter((name) =>
      /\..*(secret|key|token|password|credential|url$|headers|body)/i.test(name),
    );
    const withCanaries = structuredClone(config) as unknown as Record<string, Record<string, unknown>>;
    for (const name of secretive) {
      const [slice = '', member = ''] = name.split('.');
      const own = withCanaries[slice];
      if (own) own[member] = `${CANARY} ${name}`;
    }
    const settings = await effectiveSettings(withCanaries as never, { NODE_ENV: 'test', SECRET_KEY });
    const shown = settings.filter(({ value }) => value?.includes(CANARY)).map(({ name }) => name);
    expect(shown).to.have.members(HARMLESS);
    expect(JSON.stringify(settings)).to.not.include(SECRET_KEY);
    expect(settings.find(({ name }) => name === 'secrets.keys')).to.include({ value: null });
  });

  it('hide what variables name as files, too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pratu-settings-'));
    const file = join(folder, 'token');
    await writeFile(file, CANARY);
    try {
      const settings = await settingsOf({ NODE_ENV: 'test', SECRET_KEY, METRICS_TOKEN_FILE: file });
      expect(settings.find(({ name }) => name === 'metrics.token')).to.deep.equal({
        name: 'metrics.token',
        value: null,
        source: 'METRICS_TOKEN',
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('come from variables that are documented', () => {
    for (const setting of Object.values(VARIABLES)) expect(members, setting).to.include(setting);
  });
});
