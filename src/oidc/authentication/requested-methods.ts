import { acrValues, type MethodName } from '../../domain/sign-in/methods.ts';

/**
 * The parts of an authorization request that say how a person should sign in (OpenID Connect Core §3.1.2.1, §5.5.1.1).
 */
export interface RequestedAuthentication {
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

/** The `acr` values that a request asks for, essential or not. */
export function requestedAcrs({ acr_values: wished, claims }: RequestedAuthentication): string[] {
  const { value, values = [] } = acrRequestOf(claims);
  const requested = value === undefined ? values : [value];
  return [...requested, ...(typeof wished === 'string' ? wished.split(' ') : [])];
}

/**
 * The methods that a sign-in offers, of those available, the requested one first. An essential `acr` leaves only the
 * methods that give it, alone or with a second factor; all of them when none does, since such a sign-in ends in a
 * refusal.
 */
export function requestedMethods(
  available: readonly MethodName[],
  request: RequestedAuthentication,
): MethodName[] {
  const { essential = false, value, values = [] } = acrRequestOf(request.claims);
  const requested = value === undefined ? values : [value];
  const wishes = requestedAcrs(request);
  const gives = (name: MethodName, acrs: readonly string[]) =>
    acrValues([name]).some((acr) => acrs.includes(acr));
  const rank = (name: MethodName): number => {
    const at = wishes.findIndex((acr) => gives(name, [acr]));
    return at === -1 ? wishes.length : at;
  };
  const giving = available.filter((name) => gives(name, requested));
  const offered = essential && giving.length > 0 ? giving : available;
  return offered.toSorted((one, other) => rank(one) - rank(other));
}
