import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { randomHex } from '../../src/lib/ids.ts';
import { command, commandJson, runCommand } from '../support/command.ts';
import { testServer } from '../support/server.ts';
import { enrolApp } from '../support/totp.ts';

interface Event {
  event: string;
  actor: string;
  reason: string | null;
  request_id: string | null;
}

const FIRST_NAME = `สม${'กขคงจฉช'.slice(0, 5)}`;

describe('pratu, for operators who are asked why a customer cannot sign in', () => {
  const email = `care-${randomHex(64)}@example.com`;
  let id = 0;

  before(async () => {
    const args = ['account', 'create', '--email', email, '--first-name', FIRST_NAME, '--password-stdin'];
    const { stdout } = await runCommand([...args, '--json'], { stdin: 'violet-harbour-lantern\n' });
    id = (JSON.parse(stdout) as { id: number }).id;
  });

  it('traces a refused request of a running server by the id of its answer', async () => {
    const server = await testServer();
    const response = await fetch(`${server.url}/oauth/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${Buffer.from('client:secret').toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'password', username: email, password: 'wrong' }),
    });
    expect(response.status).to.equal(400);
    const requestId = response.headers.get('x-request-id') as string;
    // the log line is written after the response
    await pause(50);
    await server.domain.refusedRequests.flush();
    const trace = await commandJson<Record<string, unknown> & { events: Event[] }>(['trace', requestId]);
    expect(trace).to.include({ route: '/oauth/token', status: 400, client_id: 'client', account_id: id });
    expect(trace.events[0]).to.include({ event: 'sign_in.failed', reason: 'wrong_password' });
    expect((await command(['trace', requestId])).stdout)
      .to.include('wrong_password')
      .and.not.include(email);
    expect(await command(['trace', '0'.repeat(32)])).to.include({ code: 1 });
  });

  it('lists, searches, shows the history of and unlocks accounts', async () => {
    const listed = await commandJson<{ data: { id: number }[] }>(['account', 'list', '--limit', '5']);
    expect(listed.data.length).to.be.within(1, 5);
    for (const args of [[FIRST_NAME], [email.toUpperCase()], [email, '--by', 'email']]) {
      const found = await commandJson<{ data: { id: number }[] }>(['account', 'search', ...args]);
      expect(found.data.map((one) => one.id)).to.include(id);
    }
    expect(await commandJson(['account', 'unlock', email])).to.deep.equal({ id, unlocked: true });
    const history = await commandJson<{ events: Event[] }>(['account', 'history', email]);
    const events = history.events.map(({ event }) => event);
    expect(events).to.include.members([
      'account.unlocked',
      'account.read',
      'sign_in.failed',
      'account.created',
    ]);
    expect(history.events[0]?.actor).to.match(/^command:/);
    const { stdout } = await command(['audit', '--account', email, '--event', 'account.unlocked']);
    expect(stdout.trim().split('\n')).to.have.length(2);
    expect((await command(['account', 'search', 'ก'])).code).to.equal(1);
    expect((await command(['account', 'list', '--limit', '1000'])).code).to.equal(2);
    expect((await command(['audit', '--since', 'yesterday'])).code).to.equal(2);
  });

  it('removes authenticator apps that the owner has lost', async () => {
    const { domain } = await testServer();
    await enrolApp(domain, id);
    await enrolApp(domain, id);
    const removing = ['account', 'remove-authenticators', email];
    expect(await commandJson(removing)).to.deep.equal({ id, removed: 2 });
    expect(await domain.secondFactors.list(id)).to.deep.equal({ authenticators: [], recoveryCodes: 0 });
    expect((await command(removing)).stdout).to.include('had no authenticator');
  });

  it('sets a password from the standard input, and exports', async () => {
    expect((await command(['account', 'set-password', email])).code).to.equal(2);
    const set = ['account', 'set-password', email, '--password-stdin'];
    expect((await command(set, { stdin: 'short\n' })).code).to.equal(1);
    const done = await command(set, { stdin: 'amber-valley-lantern\n' });
    expect(done).to.include({ code: 0 });
    expect(done.stdout).to.include('signed out everywhere').and.not.include('amber');
    const server = await testServer();
    const origin = { address: '192.0.2.9' };
    const { passwordAuthenticator } = server.domain;
    await passwordAuthenticator.verify({ identifier: email, password: 'amber-valley-lantern', origin });
    const exported = await commandJson<{ account: { id: number }; history: Event[] }>([
      'account',
      'export',
      email,
    ]);
    expect(exported.account.id).to.equal(id);
    expect(exported.history.map(({ event }) => event)).to.include('account.password_changed');
  });
});
