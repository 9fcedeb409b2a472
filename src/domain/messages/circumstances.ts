import { type Actor, requestContext } from '../../lib/request-context.ts';
import { signInPlace } from '../values/sign-in-place.ts';

/** When something was done to an account, and from where; what is unknown is left out. */
export interface Circumstances {
  at: Date;
  browser?: string | undefined;
  system?: string | undefined;
  /** An IP address. */
  address?: string | undefined;
}

/** The owner of the account; requests of operators, partners and commands come from elsewhere. */
const isPerson = (actor: Actor | undefined): boolean => actor === undefined || actor.startsWith('account:');

/** Of what the current request, command or job does. */
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
