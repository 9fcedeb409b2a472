import type { Clock } from '../../lib/clock.ts';
import { MINUTE_SECONDS } from '../../lib/durations.ts';
import { expiringSeal } from '../../lib/expiring-seal.ts';
import type { Keyring } from '../../lib/keyring.ts';

/**
 * The part of a link that returns a person to the client after a verification, in any browser: the address that
 * restarts the client's request. It does not sign a person in. It is of use only to a page that checks it after the
 * verification.
 */
export interface ReturnTo {
  seal(originalUrl: string): string;
  /** Returns the address. Undefined for a value that was not sealed here, or has expired. */
  open(sealed: unknown): string | undefined;
}

/** The lifetime of a mailed code. */
const LIFETIME_SECONDS = 30 * MINUTE_SECONDS;
const CONTEXT = 'pages.resumption';
/** Values created by `seal` are shorter. */
const LONGEST = 4096;

interface Deps {
  keyring: Pick<Keyring, 'seal' | 'openText'>;
  clock: Clock;
}

export function returnTo(deps: Deps): ReturnTo {
  const { seal, open } = expiringSeal(deps);
  return {
    seal: (originalUrl) => seal(CONTEXT, originalUrl, LIFETIME_SECONDS),
    open: (sealed) =>
      typeof sealed === 'string' && sealed.length <= LONGEST
        ? (open(CONTEXT, sealed) as string | undefined)
        : undefined,
  };
}
