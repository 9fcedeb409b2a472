import { acrValues, type MethodName } from '../../domain/sign-in/methods.ts';

/**
 * The parameters of an authorization request that determine how a person should sign in (OpenID Connect Core §3.1.2.1,
 * §5.5.1.1).
 */
export interface RequestedAuthentication {
  acr_values?: unknown;
  /** JSON that the library has checked. */
  claims?: unknown;
}

interface AcrRequest {
  essential?: boolean;
  value?: string;
  values?: string[];
}

const acrRequestOf = (claims: unknown): AcrRequest =>
  (typeof claims === 'string' ? JSON.parse(claims)?.id_token?.acr : undefined) ?? {};

const valuesOf = ({ value, values }: AcrRequest): string[] => [
  ...(value === undefined ? [] : [value]),
  ...(values ?? []),
];

/** Returns the `acr` values that a request contains, essential or not, in the order of preference. */
export function requestedAcrs({ acr_values: wished, claims }: RequestedAuthentication): string[] {
  return [...valuesOf(acrRequestOf(claims)), ...(typeof wished === 'string' ? wished.split(' ') : [])];
}

/** Returns the values of an essential `acr`, one of which the sign-in must satisfy; undefined without one. */
export function essentialAcrs({ claims }: RequestedAuthentication): string[] | undefined {
  const request = acrRequestOf(claims);
  const hasValues = request.value !== undefined || request.values !== undefined;
  return request.essential === true && hasValues ? valuesOf(request) : undefined;
}

const isText = (value: unknown): boolean => typeof value === 'string';

/**
 * Returns whether the claim `acr` of a `claims` parameter, as JSON, is a request for a claim (OpenID Connect Core
 * §5.5.1). Any other value must be refused: the other functions here rely on it.
 */
export function isAcrRequest(acr: unknown): boolean {
  if (acr === undefined || acr === null) return true;
  if (typeof acr !== 'object' || Array.isArray(acr)) return false;
  const { essential = false, value = '', values = [] } = acr as Record<string, unknown>;
  return typeof essential === 'boolean' && isText(value) && Array.isArray(values) && values.every(isText);
}

/**
 * Returns the available methods that a sign-in offers, the requested one first. An essential `acr` leaves only the
 * methods that satisfy it, alone or with a second factor. If none does, all remain, since such a sign-in ends in a
 * refusal.
 */
export function requestedMethods(
  available: readonly MethodName[],
  request: RequestedAuthentication,
): MethodName[] {
  const essential = essentialAcrs(request);
  const wishes = requestedAcrs(request);
  const gives = (name: MethodName, acrs: readonly string[]) =>
    acrValues([name]).some((acr) => acrs.includes(acr));
  const rank = (name: MethodName): number => {
    const at = wishes.findIndex((acr) => gives(name, [acr]));
    return at === -1 ? wishes.length : at;
  };
  const giving = available.filter((name) => gives(name, essential ?? []));
  const offered = giving.length > 0 ? giving : available;
  return offered.toSorted((one, other) => rank(one) - rank(other));
}
