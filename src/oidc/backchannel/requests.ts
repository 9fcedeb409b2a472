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

/** Letters, marks and numbers of any script, spaces, and the characters of amounts and references. */
const BINDING_MESSAGE = /^[\p{L}\p{M}\p{N} .,:;#/+*()_-]{1,60}$/u;

type Ciba = NonNullable<NonNullable<Configuration['features']>['ciba']>;
type Trigger = NonNullable<Ciba['triggerAuthenticationDevice']>;

/** The parameters that are not stored once the subject of a request is determined. */
const HINTS = ['login_hint', 'login_hint_token', 'id_token_hint', 'client_notification_token'] as const;

/**
 * Stores the data that the decision needs, without the hints, and notifies the account's owner. The record contains the
 * secrets of a ping in sealed form: it is found by a hash of `auth_req_id` and must not disclose the token.
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

/**
 * Counts a request with an `id_token_hint`, the only hint that has not been counted before. Throws `InvalidRequest` for
 * a user code.
 */
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
  // unspecified by the standard: it is neither used nor stored
  validateRequestContext: () => {},
  verifyUserCode: countHinted(deps),
});

/**
 * Returns the seconds until a request expires: the client's `requested_expiry`, limited by the setting of the
 * deployment (§7.1.1).
 */
export const requestLifetime =
  ({ lifetime, longest }: Config['ciba']) =>
  (_ctx: unknown, request: object): number => {
    const { params } = request as { params?: { requested_expiry?: string } };
    return Math.min(Number(params?.requested_expiry ?? lifetime), longest);
  };
