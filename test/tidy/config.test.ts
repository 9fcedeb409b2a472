import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { z } from 'zod';
import { configSchema } from '../../src/config/config.ts';
import { VARIABLES } from '../../src/config/environment.ts';

const page = readFileSync(new URL('../../config/README.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, setting = '', standard = '', , meaning = '', variable = '']) => ({
    setting: setting.replaceAll('`', ''),
    standard,
    meaning,
    variable: variable.replaceAll('`', ''),
  }));

/** Variables that are read from the environment before the settings are merged. */
const READ_APART = { NODE_ENV: 'environment', SECRET_KEY: 'secrets.keys' };

/** `slice.setting` of every setting of the schema. A slice that is not an object is itself a setting. */
const settings = Object.entries(configSchema.shape).flatMap(([slice, schema]) =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape).map((name) => `${slice}.${name}`) : [slice],
);

describe('config/README.md', () => {
  it('has a line for every setting, and no line for anything else', () => {
    expect(rows.map(({ setting }) => setting)).to.have.members(settings);
  });

  it('says of every setting what its default is and what it means', () => {
    for (const { setting, standard, meaning } of rows) {
      expect(standard, setting).not.to.equal('');
      expect(meaning, setting).not.to.equal('');
    }
  });

  it('tells the defaults of default.yaml', () => {
    const defaults = parse(readFileSync(new URL('../../config/default.yaml', import.meta.url), 'utf8'));
    for (const { setting, standard } of rows) {
      const [slice = '', name = ''] = setting.split('.');
      const value = name ? defaults[slice]?.[name] : defaults[slice];
      if (['string', 'number', 'boolean'].includes(typeof value) && setting !== 'messages.smsBody')
        expect(standard, setting).to.match(/^`/).and.include(`\`${value}\``);
    }
  });

  it('names every variable that the program reads, at the setting that it gives', () => {
    const named = rows.filter(({ variable }) => variable !== '');
    expect(Object.fromEntries(named.map(({ variable, setting }) => [variable, setting]))).to.deep.equal({
      ...VARIABLES,
      ...READ_APART,
    });
  });
});
