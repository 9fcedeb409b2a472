import { expect } from 'chai';
import { linkTo, messagesTo, pressOn } from '../customers/mails.ts';
import { keyHeader, keysClient, newEmail, newFacebookUser } from './keys-client.ts';
import { type KeysServer, keysServer } from './keys-server.ts';

const MAILED = { status: 1, message: 'Profile detail and reset password has been sent to your email.' };
const FAVOURITE = 'staple-gun-orchestra';

describe('Keys API: forgotten passwords', () => {
  let server: KeysServer;
  let api: ReturnType<typeof keysClient>;

  before(async () => {
    server = await keysServer();
    api = keysClient(server);
  });
  after(() => server.stop());

  const resetsTo = async (email: string): Promise<string[]> =>
    (await messagesTo(server, email))
      .map(({ text }) => text)
      .filter((text) => text.includes('/reset-password/'));

  /** Sets a new password as the page of the mailed link does. */
  async function resetBy(email: string): Promise<void> {
    const [, code = ''] = /\/reset-password\/([A-Z0-9]+)/.exec((await resetsTo(email))[0] ?? '') ?? [];
    const origin = { address: '192.0.2.1' };
    await server.domain.passwordReset.reset({ email, code, password: FAVOURITE, origin });
  }

  it('are answered in the same words for anyone, as a form and as JSON', async () => {
    const { email } = await api.registered();
    const unknown = newEmail();
    for (const answer of [
      await api.forgot({ email }),
      await api.form('forgot_password', { email: email.toUpperCase() }),
      await api.forgot({ email: unknown }),
    ]) {
      expect(answer.status).to.equal(200);
      expect(answer.body).to.deep.equal(MAILED);
    }
    expect(await resetsTo(email)).to.have.length(2);
    expect(await resetsTo(unknown)).to.deep.equal([]);
  });

  it('are answered in the same way when the address has had its mails of the hour', async () => {
    const { email } = await api.registered();
    for (let time = 0; time < 5; time += 1) expect((await api.forgot({ email })).body).to.deep.equal(MAILED);
    // the third mail of the hour is reserved for another network
    expect(await resetsTo(email)).to.have.length(2);
  });

  it('are resolved by the mailed link, which ends every key and what was linked without proof', async () => {
    const user = newFacebookUser();
    const { email, key, id } = await api.registered({ fb_token: server.graph.token(user) });
    await api.forgot({ email });
    await resetBy(email);
    expect((await api.user(keyHeader(key))).status).to.equal(401);
    const { body } = await api.login({ email, password: FAVOURITE });
    expect((await api.user(keyHeader(body.key))).body.user.id_user).to.equal(id);
    const facebook = await api.login({ fb_token: server.graph.token(user), fb_uid: user });
    expect(facebook.status).to.equal(401);
  });

  it('keep the Facebook user who was linked once the address was proved', async () => {
    const user = newFacebookUser();
    const { email, id } = await api.registered();
    await pressOn(await linkTo(server, email, '/verify-email'));
    await server.domain.bindings.set(id, { provider: 'facebook', externalId: user, status: '1' });
    await api.forgot({ email });
    await resetBy(email);
    const facebook = await api.login({ fb_token: server.graph.token(user), fb_uid: user });
    expect(facebook.status).to.equal(200);
  });
});
