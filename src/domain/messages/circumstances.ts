import { type Actor, requestContext } from '../../lib/request-context.ts';
import { signInPlace } from '../values/sign-in-place.ts';

/** The time and the origin of an operation on an account. Unknown values are omitted. */
export interface Circumstances {
  at: Date;
  browser?: string | undefined;
  system?: string | undefined;
  /** An IP address. */
  address?: string | undefined;
}

/**
 * Returns whether the actor is the owner of the account. Requests of operators, partners and commands come from
 * elsewhere.
 */
const isPerson = (actor: Actor | undefined): boolean => actor === undefined || actor.startsWith('account:');

/** Returns the circumstances of the current request, command or job. */
export function circumstances(at: Date): Circumstances {
  const { actor, caller } = requestContext();
  if (!caller || !isPerson(actor)) return { at };
  const { address, userAgent } = caller();
  const { browser, system, network } = signInPlace(userAgent, address);
  return {
    at,
    browser: browser ?? undefined,
    system: system ?? undefined,
    address: network === null ? undefined : address,
  };
}
