import type { Provider } from 'oidc-provider';
import type { LogoutMessage, Send } from '../domain/messages/message.ts';
import { HOUR_SECONDS } from '../lib/durations.ts';

export interface LogoutQueueDeps {
  /** Queues a logout token for a client, outside the request: a receiver that hangs must not delay a logout. */
  queueLogout: (message: LogoutMessage) => Promise<void>;
}

type Deliver = (this: object, sub: string, sid?: string) => Promise<void>;

const LIFETIME_SECONDS = HOUR_SECONDS;
const deliveries = new WeakMap<Provider, Deliver>();

/** Replaces the library's immediate delivery, which `deliverLogout` still uses, by the queue. */
export function queueLogouts(provider: Provider, { queueLogout }: LogoutQueueDeps): void {
  const prototype = provider.Client.prototype as unknown as { clientId: string; backchannelLogout: Deliver };
  deliveries.set(provider, prototype.backchannelLogout);
  prototype.backchannelLogout = async function backchannelLogout(sub, sid) {
    await queueLogout({
      channel: 'logout',
      kind: 'logout-token',
      clientId: (this as typeof prototype).clientId,
      sub,
      sid,
      accountId: Number(sub),
      lifetimeSeconds: LIFETIME_SECONDS,
    });
  };
}

/** Sends one queued logout token (OpenID Connect Back-Channel Logout §2.5), signed when it is sent. */
export const deliverLogout =
  (current: () => Provider): Send<'logout'> =>
  async ({ content: { clientId, sub, sid } }) => {
    const provider = current();
    const client = await provider.Client.find(clientId);
    if (!client?.backchannelLogoutUri) return;
    await deliveries.get(provider)?.call(client, sub, sid);
  };
