import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';

const ROOT = new URL('../../', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, ROOT), 'utf8');
const unit = read('packaging/systemd/pratu.service');
const optionOf = (name: string): string | undefined => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1];

describe('the systemd unit', () => {
  it('starts the bundle as npm start does the source, and files that are there', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const command = scripts.start.replace('src/', 'dist/');
    expect(optionOf('ExecStart')).to.equal(`/opt/pratu/node_modules/.bin/${command}`);
    for (const [, file = ''] of unit.matchAll(/ (src\/\S+)/g))
      expect(existsSync(new URL(file, ROOT))).to.equal(true);
  });

  it('does not migrate where there is no bundle to start', () => {
    const [, main = ''] = /(\S+)$/.exec(optionOf('ExecStart') ?? '') ?? [];
    expect(optionOf('AssertPathExists')).to.equal(`${optionOf('WorkingDirectory')}/${main}`);
  });

  it('gives the migration all the time that it takes', () => {
    expect(optionOf('ExecStartPre')).to.match(/ migrate$/);
    expect(optionOf('TimeoutStartSec')).to.equal('infinity');
  });

  it('gives the server more time to stop than it takes', () => {
    const { server } = parse(read('config/default.yaml'));
    expect(Number(optionOf('TimeoutStopSec')) * 1000).to.be.above(server.drainMs);
  });

  it('takes away what the server does not use', () => {
    const rights = {
      NoNewPrivileges: 'yes',
      ProtectSystem: 'strict',
      ProtectHome: 'yes',
      PrivateTmp: 'yes',
      CapabilityBoundingSet: '',
      SystemCallFilter: '@system-service',
    };
    for (const [name, value] of Object.entries(rights)) expect(optionOf(name), name).to.equal(value);
    // V8's compiler writes executable memory
    expect(optionOf('MemoryDenyWriteExecute')).to.equal(undefined);
  });
});
