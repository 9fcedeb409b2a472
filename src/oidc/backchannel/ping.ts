import type { Client, Provider } from 'oidc-provider';
import type { Send } from '../../domain/messages/message.ts';
import type { Keyring } from '../../lib/keyring.ts';

/** The content of a ping, and the token that authenticates it (CIBA Core §10.2). */
export interface Ping {
  /** `auth_req_id`. */
  id: string;
  /** `client_notification_token`. */
  token: string;
}

const CONTEXT = 'backchannel ping';

export const sealPing = (keyring: Pick<Keyring, 'seal'>, ping: Ping): string =>
  keyring.seal(CONTEXT, JSON.stringify(ping)).toString('base64');

/** Returns the content of a sealed ping, or undefined for a request of a client that polls. */
export const openPing = (keyring: Pick<Keyring, 'openText'>, sealed: unknown): Ping | undefined =>
  typeof sealed === 'string'
    ? (JSON.parse(keyring.openText(CONTEXT, Buffer.from(sealed, 'base64'))) as Ping)
    : undefined;

type Deliver = (this: Client, request: object) => Promise<void>;
const deliveries = new WeakMap<Provider, Deliver>();

/** Prevents the library from calling the client before the decision is committed; `deliverPing` does so later. */
export function holdPings(provider: Provider): void {
  const prototype = provider.Client.prototype as unknown as { backchannelPing: Deliver };
  deliveries.set(provider, prototype.backchannelPing);
  prototype.backchannelPing = async () => {};
}

/** Sends one queued ping to a client that is still registered for it. */
export const deliverPing =
  (current: () => Provider): Send<'ping'> =>
  async ({ content: { clientId, id, token } }) => {
    const provider = current();
    const client = await provider.Client.find(clientId);
    if (!client?.backchannelClientNotificationEndpoint) return;
    const request = {
      kind: 'BackchannelAuthenticationRequest',
      jti: id,
      params: { client_notification_token: token },
    };
    await deliveries.get(provider)?.call(client, request);
  };
