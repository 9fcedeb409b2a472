import { randomHex } from '../../../src/lib/ids.ts';
import { type Answer, customersClient } from './customers-client.ts';
import { linkTo, pressOn } from './mails.ts';

/** The steps of a new customer who changes the e-mail address. By default, the address is verified. */
export async function emailSteps(server: { url: string }, { verified = true } = {}) {
  const api = customersClient(server);
  const known = await api.customer();
  if (verified) await pressOn(await linkTo(server, known.email, '/verify-email'));
  const fresh = `${randomHex(64)}@example.com`;
  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    api.post(path, body, { ...known.bearer, ...headers });
  const update = (email = fresh): Promise<Answer> =>
    post('/update-email', { email, password: known.password });
  const link = (to: string, path: string): Promise<string> => linkTo(server, to, path);

  return {
    api,
    known,
    /** An unregistered address. */
    fresh,
    post,
    update,
    link,
    signsIn: async (email: string): Promise<boolean> =>
      (await api.signIn(email, known.password)).status === 200,
    /** The address that the API shows to the customer. */
    async shown(): Promise<string | null> {
      const { body: tokens } = await api.signIn(known.mobile, known.password);
      const headers = { authorization: `Bearer ${tokens.access_token}` };
      return (await api.call('GET', '/customers', { headers })).body.email;
    },
    /** Requests the change and presses the button on the page of the link. */
    async changeTo(email: string): Promise<boolean> {
      const asked = await update(email);
      return asked.status === 200 && (await pressOn(await link(email, '/confirm-email'))).status === 200;
    },
  };
}
