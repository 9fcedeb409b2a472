import { somebody, type Visitor } from '../pages/account/visitor.ts';
import { type Begun, csrfOf, post } from '../pages/interaction-steps.ts';
import type { TestServer } from '../support/server.ts';
import { type Oddities, SoftAuthenticator } from '../support/soft-authenticator.ts';
import type { At, TwoSteps } from './two-steps.ts';

/** A person with an account, and a passkey of the account on a device. */
export interface PasskeyHolder {
  id: number;
  email: string;
  visitor: Visitor;
  device: SoftAuthenticator;
}

/** Adds a passkey to an account. */
export async function passkeyOf(
  { domain, config }: TestServer,
  accountId: number,
): Promise<SoftAuthenticator> {
  const device = new SoftAuthenticator({ origin: config.server.issuer });
  const account = await domain.accounts.find(accountId);
  if (!account) throw new Error('no such account');
  const options = (await domain.passkeys.begin(account, 'device')) as { challenge: string };
  await domain.passkeys.add(accountId, { credential: device.create(options), browser: 'device' });
  return device;
}

export async function passkeyHolder(server: TestServer): Promise<PasskeyHolder> {
  const visitor = await somebody(server);
  return {
    ...{ id: visitor.id, email: visitor.email, visitor },
    device: await passkeyOf(server, visitor.id),
  };
}

/** The options that the server returns to the script of a page at the start. */
export async function optionsAt(at: Begun, step = 'passkey/options'): Promise<{ challenge: string }> {
  const answer = await post(at, step);
  if (answer.status !== 200) throw new Error(`the options are refused with ${answer.status}`);
  return (await answer.json()) as { challenge: string };
}

/** Lets the device respond to the options of the page, and sends the form of the page. */
export async function answerWith(
  flow: TwoSteps,
  at: At,
  device: SoftAuthenticator,
  odd: Oddities = {},
): Promise<At> {
  device.signCount += 1;
  const credential = device.get(await optionsAt(at), odd);
  return flow.send(at, 'passkey', { credential });
}

export { csrfOf };
