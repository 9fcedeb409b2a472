import type { Configuration } from 'oidc-provider';
import type { Config } from '../../config/config.ts';
import { type Clock, epochSeconds } from '../../lib/clock.ts';
import { DAY_SECONDS } from '../../lib/durations.ts';
import { requestLifetime } from '../backchannel/requests.ts';
import { CODE_SECONDS, isFapi } from '../fapi/profile.ts';
import { refreshSeconds } from '../grant-types/refresh-lifetime.ts';

/** Seconds by which a grant outlives the longest refresh token, which must never outlive its grant. */
const GRANT_MARGIN = DAY_SECONDS;

interface Deps {
  tokens: Config['tokens'];
  ciba: Config['ciba'];
  clock: Clock;
}

/** Returns the lifetimes of the protocol's records and tokens, in seconds. */
export function lifetimes({ tokens, ciba, clock }: Deps): NonNullable<Configuration['ttl']> {
  const now = (): number => epochSeconds(clock.now());
  const remaining = (born: number | undefined, absolute: number): number =>
    (born ?? now()) + absolute - now();
  return {
    AuthorizationCode: (_ctx, _code, client) =>
      isFapi(client) ? Math.min(tokens.authorizationCode, CODE_SECONDS) : tokens.authorizationCode,
    AccessToken: (_ctx, token) => {
      if (token.resourceServer?.accessTokenTTL) return token.resourceServer.accessTokenTTL;
      return token.gty?.startsWith('password') ? tokens.passwordAccessToken : tokens.accessToken;
    },
    BackchannelAuthenticationRequest: requestLifetime(ciba),
    ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? tokens.clientCredentials,
    DeviceCode: tokens.deviceCode,
    // a session issues refresh tokens of one grant until its own end
    Grant: tokens.refreshAbsolute + tokens.sessionAbsolute + GRANT_MARGIN,
    IdToken: tokens.idToken,
    Interaction: tokens.interaction,
    RefreshToken: (_ctx, token) => refreshSeconds(tokens, now() - (token.iiat ?? now())),
    Session: (_ctx, session) =>
      Math.max(1, Math.min(tokens.sessionIdle, remaining(session.loginTs, tokens.sessionAbsolute))),
  };
}
