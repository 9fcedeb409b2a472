import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Config } from '../../config/config.ts';
import type { Approvals } from '../../domain/approvals/approvals.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { asProtocol } from '../edge/errors.ts';
import { NOBODY } from '../edge/nobody.ts';
import { shownClient } from '../edge/pages.ts';
import { type HintDeps, hints } from './hints.ts';
import { sealPing } from './ping.ts';

export interface BackchannelDeps extends HintDeps {
  approvals: Pick<Approvals, 'approver' | 'requested'>;
  ciba: Config['ciba'];
  keyring: Pick<Keyring, 'seal' | 'openText'>;
}

/** Letters, marks and numbers of any script, spaces and what amounts and references are written with. */
const BINDING_MESSAGE = /^[\p{L}\p{M}\p{N} .,:;#/+*()_-]{1,60}$/u;

type Ciba = NonNullable<NonNullable<Configuration['features']>['ciba']>;
type Trigger = NonNullable<Ciba['triggerAuthenticationDevice']>;

/** What needs not be kept of a request once it is known whom it is for. */
const HINTS = ['login_hint', 'login_hint_token', 'id_token_hint', 'client_notification_token'] as const;

/**
 * Stores what the answer needs, without the hints, and tells the owner. The secrets of a ping are sealed with the
 * record, which is found by a hash of the one and must not show the other.
 */
const trigger =
  ({ approvals, ciba, keyring }: BackchannelDeps): Trigger =>
  async (ctx, request, account, client) => {
    const { params = {} } = request as { params?: Record<string, unknown> };
    const token = params.client_notification_token;
    for (const name of HINTS) delete params[name];
    if (typeof token === 'string') params.ping = sealPing(keyring, { id: request.jti, token });
    await request.save();
    (ctx.body as Record<string, unknown>).interval = ciba.interval;
    const known = account.accountId === NOBODY ? undefined : Number(account.accountId);
    await approvals.requested(known, {
      clientId: client.clientId,
      client: shownClient(client).name,
      lifetimeSeconds: request.remainingTTL,
    });
  };

function checkBindingMessage(_ctx: KoaContextWithOIDC, message?: string): void {
  if (message !== undefined && !BINDING_MESSAGE.test(message))
    throw new errors.InvalidBindingMessage(
      'binding_message must be 1 to 60 letters, digits, spaces or . , : ; # / + * ( ) _ -',
    );
}

/** `id_token_hint` is the only hint that reaches this without having been counted. */
const countHinted =
  ({ approvals }: BackchannelDeps): NonNullable<Ciba['verifyUserCode']> =>
  async (ctx, account, userCode) => {
    if (userCode !== undefined) throw new errors.InvalidRequest('user_code is not supported');
    const { client, params } = ctx.oidc;
    if (!client || params?.id_token_hint === undefined) return;
    await asProtocol(() => approvals.approver(client.clientId, { accountId: Number(account.accountId) }));
  };

/** OpenID Connect Client-Initiated Backchannel Authentication Core 1.0, by polling and with a ping. */
export const ciba = (deps: BackchannelDeps & { clockSkew: number }): Ciba => ({
  enabled: deps.ciba.enabled,
  deliveryModes: ['poll', 'ping'],
  ...hints(deps),
  triggerAuthenticationDevice: trigger(deps),
  validateBindingMessage: checkBindingMessage,
  // unspecified by the standard: it is neither used nor kept
  validateRequestContext: () => {},
  verifyUserCode: countHinted(deps),
});

/** Seconds until a request expires: as long as the client asks, within the bounds of the deployment (§7.1.1). */
export const requestLifetime =
  ({ lifetime, longest }: Config['ciba']) =>
  (_ctx: unknown, request: object): number => {
    const { params } = request as { params?: { requested_expiry?: string } };
    return Math.min(Number(params?.requested_expiry ?? lifetime), longest);
  };
