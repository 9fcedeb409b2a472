import { expect } from 'chai';
import { randomHex } from '../../src/lib/ids.ts';
import { startServer, type TestServer } from '../support/server.ts';

const PASSWORD = 'violet-harbour-lantern';

describe('the notice of a new sign-in', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ messages: { newSignIn: true } });
  });
  after(() => server.stop());

  /** An account that is a year old, whose owner has signed in at home. */
  async function someone(one = server) {
    const email = `new-${randomHex(64)}@example.com`;
    const { id } = await one.domain.lifecycle.create({
      password: PASSWORD,
      contacts: [
        { kind: 'email', value: email, verified: true },
        {
          kind: 'mobile',
          value: `+66812${String(Number.parseInt(randomHex(24), 16) % 1e6).padStart(6, '0')}`,
          verified: true,
        },
      ],
    });
    const signIn = (address: string, device?: string) =>
      one.domain.passwordAuthenticator.verify({
        identifier: email,
        password: PASSWORD,
        origin: { address, ...(device ? { device } : {}) },
      });
    const notices = async () =>
      (
        await one.database.knex('outbox').where({ account_id: id, kind: 'new-sign-in' }).select('channel')
      ).map(({ channel }) => channel);
    await signIn('198.51.100.1', 'home');
    expect(await notices()).to.deep.equal([]);
    await one.database
      .knex('accounts')
      .where({ id })
      .update({ created_at: new Date(Date.now() - 3e10) });
    return { id, signIn, notices };
  }

  it('goes to every verified contact, once for a device and network', async () => {
    const { signIn, notices } = await someone();
    await signIn('203.0.113.7', 'elsewhere');
    expect(await notices()).to.have.members(['mail', 'sms']);
    await signIn('203.0.113.9', 'elsewhere');
    await signIn('203.0.113.7');
    expect(await notices()).to.have.length(2);
  });

  it('is not sent of a known device in a new network, or of a new device in a known one', async () => {
    const { signIn, notices } = await someone();
    await signIn('203.0.113.7', 'home');
    await signIn('198.51.100.200', 'new');
    expect(await notices()).to.deep.equal([]);
  });

  it('is sent once when two sign-ins from there come at once', async () => {
    const { signIn, notices } = await someone();
    await Promise.all([1, 2, 3, 4].map(() => signIn('203.0.113.7', 'elsewhere')));
    expect((await notices()).filter((channel) => channel === 'mail')).to.have.length(1);
  });

  it('is not sent of a wrong password, nor while the setting is off', async () => {
    const { id, notices } = await someone();
    await server.domain.passwordAuthenticator
      .verify({ identifier: String(id), password: 'wrong', origin: { address: '203.0.113.8' } })
      .catch(() => {});
    expect(await notices()).to.deep.equal([]);
    const quiet = await startServer();
    const other = await someone(quiet);
    await other.signIn('203.0.113.7', 'elsewhere');
    expect(await other.notices()).to.deep.equal([]);
    await quiet.stop();
  });
});
