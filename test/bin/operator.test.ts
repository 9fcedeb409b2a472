import { expect } from 'chai';
import type { Check } from '../../src/bin/doctor/check.ts';
import { operatorCheck } from '../../src/bin/doctor/operators.ts';
import { randomHex } from '../../src/lib/ids.ts';
import { command, commandJson } from '../support/command.ts';

const newAccount = async (): Promise<{ id: number; email: string }> => {
  const email = `operator-${randomHex(64)}@example.com`;
  return { ...(await commandJson<{ id: number }>(['account', 'create', '--email', email])), email };
};

describe('pratu operator', () => {
  it('adds, lists and removes', async () => {
    // the last admin of the deployment stays
    const first = await newAccount();
    await commandJson(['operator', 'add', first.email, '--role', 'admin']);
    const { id, email } = await newAccount();
    expect(await commandJson(['operator', 'add', email, '--role', 'viewer'])).to.deep.equal({
      id,
      role: 'viewer',
    });
    const listed = await commandJson<{ id: number }[]>(['operator', 'list']);
    expect(listed.find((one) => one.id === id)).to.include({ role: 'viewer', status: 'active' });
    expect((await command(['operator', 'list'])).stdout).to.match(/^account {2}.*role/);
    expect(await commandJson(['operator', 'remove', String(id)])).to.deep.equal({ id, removed: true });
    const again = await command(['operator', 'remove', String(id)]);
    expect(again).to.include({ code: 1 });
    expect(again.stderr).to.include('not an operator');
  });

  it('knows its roles', async () => {
    const { email } = await newAccount();
    for (const args of [['--role', 'root'], []])
      expect((await command(['operator', 'add', email, ...args])).code).to.equal(2);
  });
});

describe('pratu doctor, of operators', () => {
  const found = (...listed: object[]): Promise<Check> =>
    operatorCheck({ list: async () => listed as never[] });

  it('warns when nobody can sign in to the console', async () => {
    expect(await found()).to.include({ status: 'warn', message: 'none' });
    expect(await found({ role: 'admin', status: 'suspended' })).to.include({ status: 'warn' });
    expect(await found({ role: 'support', status: 'active' })).to.include({ status: 'warn' });
    expect(await found({ role: 'admin', status: 'active' })).to.include({ status: 'ok' });
  });
});
