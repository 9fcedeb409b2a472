import type { Clock } from '../../lib/clock.ts';
import { MINUTE_SECONDS } from '../../lib/durations.ts';
import { expiringSeal } from '../../lib/expiring-seal.ts';
import type { Keyring } from '../../lib/keyring.ts';

/**
 * What a link takes along so that a person who verifies something at its end, in whatever browser, comes back to the
 * client: the address at which the client's request begins again. It signs nobody in, and is of use only to a page that
 * checks it after the verification.
 */
export interface ReturnTo {
  seal(originalUrl: string): string;
  /** The address; undefined for what was not sealed here, or too long ago. */
  open(sealed: unknown): string | undefined;
}

/** As long as a mailed code. */
const LIFETIME_SECONDS = 30 * MINUTE_SECONDS;
const CONTEXT = 'pages.resumption';
/** The longest that `seal` makes is shorter. */
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
