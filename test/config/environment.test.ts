import { expect } from 'chai';
import * as z from 'zod';
import { configSchema } from '../../src/config/config.ts';
import { fromEnvironment, VARIABLES } from '../../src/config/environment.ts';

type Schema = z.core.JSONSchema.BaseSchema;

const TYPES: Readonly<Record<string, string>> = { integer: 'number', number: 'number', boolean: 'boolean' };

describe('the environment variables', () => {
  it('are read as the type of their setting', () => {
    const schema = z.toJSONSchema(configSchema, { unrepresentable: 'any', io: 'input' }) as Schema;
    for (const [name, setting] of Object.entries(VARIABLES)) {
      const [slice = '', member = ''] = setting.split('.');
      const of = (schema.properties?.[slice] as Schema | undefined)?.properties?.[member] as
        | Schema
        | undefined;
      expect(of, `${name}: ${setting}`).to.have.property('type');
      const read = fromEnvironment({ [name]: '1' }) as Record<string, Record<string, unknown>>;
      expect(read[slice]?.[member], name).to.be.a(TYPES[String(of?.type)] ?? 'string');
    }
  });
});
