import { expect } from 'chai';
import type { Domain } from '../../src/compose/domain.ts';
import { randomHex } from '../../src/lib/ids.ts';
import { command, commandJson, runCommand } from '../support/command.ts';
import { testConfig } from '../support/config.ts';
import { testDatabase } from '../support/database.ts';
import { readyDomain } from '../support/domain.ts';

const PASSWORD = 'violet-harbour-lantern';
const ORIGIN = { address: '192.0.2.7' };

interface Shown {
  id: number;
  status: string;
  card: string;
  contacts: { kind: string; value: string; verified: boolean }[];
}

const newEmail = (): string => `cli-${randomHex(64)}@example.com`;
/** A Thai mobile that no other test of this run uses. */
const newMobile = (): string => `08${String(Number.parseInt(randomHex(32), 16) % 1e8).padStart(8, '0')}`;

async function domainOfTests(): Promise<Domain> {
  const [config, database] = await Promise.all([testConfig(), testDatabase()]);
  return readyDomain({ config, database });
}

describe('pratu account', () => {
  it('makes an account whose password comes from the standard input', async () => {
    const [email, mobile] = [newEmail(), newMobile()];
    const { code, stdout, stderr } = await runCommand(
      ['account', 'create', '--json', '--email', email, '--mobile', mobile, '--verified', '--password-stdin'],
      { stdin: `${PASSWORD}\n` },
    );
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.not.include(PASSWORD).and.not.include('argon2');
    const shown = JSON.parse(stdout) as Shown;
    expect(shown.status).to.equal('active');
    const { passwordAuthenticator } = await domainOfTests();
    const account = await passwordAuthenticator.verify({
      identifier: mobile,
      password: PASSWORD,
      origin: ORIGIN,
    });
    expect(account.id).to.equal(shown.id);
  });

  it('finds an account by id, mobile, e-mail and card number, and shows no national id', async () => {
    const [email, mobile] = [newEmail(), newMobile()];
    const { lifecycle, nationalIds } = await domainOfTests();
    const { id } = await lifecycle.create({
      contacts: [
        { kind: 'email', value: email, verified: false },
        { kind: 'mobile', value: mobile, verified: true },
      ],
    });
    await nationalIds.set(id, '5123456789033');
    const byId = await commandJson<Shown>(['account', 'show', String(id)]);
    expect(byId.contacts.map(({ value }) => value)).to.have.members([email, `+66${mobile.slice(1)}`]);
    for (const name of [mobile, email.toUpperCase(), byId.card]) {
      expect(await commandJson<Shown>(['account', 'show', name])).to.deep.equal(byId);
    }
    const { stdout } = await command(['account', 'show', String(id)]);
    expect(stdout).to.include(`${email} (not verified)`).and.not.include('5123456789033');

    expect(await commandJson(['account', 'release-national-id', email])).to.deep.equal({
      id,
      released: true,
    });
    expect(await nationalIds.read(id)).to.equal(undefined);
    expect(await commandJson(['account', 'release-mobile', mobile])).to.deep.equal({ id, released: true });
    expect(await commandJson(['account', 'release-mobile', String(id)])).to.deep.equal({
      id,
      released: false,
    });
    expect((await command(['account', 'show', mobile])).code).to.equal(1);
  });

  it('suspends, activates and signs out', async () => {
    const { id, status } = await commandJson<Shown>([
      ...['account', 'create', '--email', newEmail(), '--pending', '--first-name', 'สมหญิง'],
    ]);
    expect(status).to.equal('pending');
    const { accounts } = await domainOfTests();
    const generation = (await accounts.find(id))?.generation ?? 0;
    await commandJson(['account', 'activate', String(id)]);
    expect(await accounts.find(id)).to.include({ status: 'active', generation: generation + 1 });
    await commandJson(['account', 'suspend', String(id)]);
    expect((await accounts.find(id))?.status).to.equal('suspended');
    await commandJson(['account', 'activate', String(id)]);
    await commandJson(['account', 'logout', String(id)]);
    expect(await accounts.find(id)).to.include({ status: 'active', generation: generation + 4 });
  });

  it('erases an account only with an explicit confirmation', async () => {
    const { id } = await commandJson<Shown>(['account', 'create', '--email', newEmail()]);
    expect((await command(['account', 'remove', String(id)])).code).to.equal(2);
    expect((await command(['account', 'remove', String(id)], { answers: [''] })).code).to.equal(1);
    const removed = await commandJson(['account', 'remove', String(id), '--yes']);
    expect(removed).to.include({ id, removed: true });
    expect(removed.receipt).to.match(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    const again = await command(['account', 'show', String(id)]);
    expect(again).to.deep.equal({ code: 1, stdout: '', stderr: `pratu: Account ${id} has been deleted.\n` });
  });

  it('ends with 1 for what the rules refuse and for an unknown account', async () => {
    const email = newEmail();
    const refused = [
      { args: ['create', '--mobile', '12345'], stdin: '' },
      { args: ['create', '--email', 'nobody'], stdin: '' },
      { args: ['create', '--email', email, '--first-name', '<b>'], stdin: '' },
      { args: ['create', '--email', email, '--password-stdin'], stdin: 'password\n' },
      { args: ['show', '999999999999'], stdin: '' },
      { args: ['suspend', 'nobody'], stdin: '' },
    ];
    for (const { args, stdin } of refused) {
      const { code, stdout, stderr } = await command(['account', ...args], { stdin });
      expect({ args, code, stdout }).to.deep.equal({ args, code: 1, stdout: '' });
      expect(stderr).to.match(/^pratu: .+\n$/);
    }
    expect((await command(['account', 'create', '--email', email, '--password-stdin'])).code).to.equal(2);
    expect((await command(['account', 'show', email])).code).to.equal(1);
  });
});
