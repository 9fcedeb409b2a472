import { AUTHENTICATIONS, type SignInWay } from './methods.ts';

/** What of an authorization request says how a person should sign in (OpenID Connect Core §3.1.2.1, §5.5.1.1). */
export interface AskedAuthentication {
  acr_values?: unknown;
  /** JSON, as the library has checked it. */
  claims?: unknown;
}

interface AcrRequest {
  essential?: boolean;
  value?: string;
  values?: string[];
}

const acrRequestOf = (claims: unknown): AcrRequest =>
  (typeof claims === 'string' ? JSON.parse(claims)?.id_token?.acr : undefined) ?? {};

/**
 * The ways that a person is offered, of those that there are, the wanted one first. An essential `acr` leaves only what gives it; all of them
 * when nothing does, since the end of such a sign-in is a refusal.
 */
export function signInWays(
  ways: readonly SignInWay[],
  { acr_values: wished, claims }: AskedAuthentication,
): SignInWay[] {
  const { essential = false, value, values = [] } = acrRequestOf(claims);
  const requested = value === undefined ? values : [value];
  const wishes = [...requested, ...(typeof wished === 'string' ? wished.split(' ') : [])];
  const rank = (way: SignInWay): number => {
    const at = wishes.indexOf(AUTHENTICATIONS[way].acr);
    return at === -1 ? wishes.length : at;
  };
  const giving = ways.filter((way) => requested.includes(AUTHENTICATIONS[way].acr));
  const offered = essential && giving.length > 0 ? giving : ways;
  return offered.toSorted((one, other) => rank(one) - rank(other));
}
