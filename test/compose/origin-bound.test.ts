import { expect } from 'chai';
import { originBound } from '../../src/compose/messages.ts';
import { testConfig } from '../support/config.ts';

describe('the host that codes by SMS are bound to', () => {
  const bound = async (issuer: string, setting?: string): Promise<string | undefined> => {
    const config = await testConfig();
    return originBound({
      ...config,
      server: { ...config.server, issuer },
      oneTimeCodes: { ...config.oneTimeCodes, originBound: setting },
    });
  };

  it('is that of an https issuer by default, and none of an http one', async () => {
    expect(await bound('https://id.example.com')).to.equal('id.example.com');
    expect(await bound('http://localhost:3000')).to.equal(undefined);
  });

  it('is the one of the settings, or none when they turn it off', async () => {
    expect(await bound('https://id.example.com', 'example.com')).to.equal('example.com');
    expect(await bound('https://id.example.com', 'off')).to.equal(undefined);
  });
});
