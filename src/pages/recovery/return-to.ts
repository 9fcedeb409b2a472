import type { Clock } from '../../lib/clock.ts';
import type { Keyring } from '../../lib/keyring.ts';

/**
 * What a link takes along so that a person who proves something at its end, in whatever browser, comes back to the
 * client: the address at which the client's request begins again. It signs nobody in, and is of use only to a page that
 * checks it after the proof.
 */
export interface ReturnTo {
  seal(originalUrl: string): string;
  /** The address; undefined for what was not sealed here, or too long ago. */
  open(sealed: unknown): string | undefined;
}

/** As long as a mailed code. */
const LIFETIME_MS = 30 * 60 * 1000;
const CONTEXT = 'pages.resumption';
/** The longest that `seal` makes is shorter. */
const LONGEST = 4096;

export const returnTo = ({
  keyring,
  clock,
}: {
  keyring: Pick<Keyring, 'seal' | 'openText'>;
  clock: Clock;
}): ReturnTo => ({
  seal(originalUrl) {
    const until = clock.now().getTime() + LIFETIME_MS;
    return keyring.seal(CONTEXT, JSON.stringify({ until, originalUrl })).toString('base64url');
  },
  open(sealed) {
    if (typeof sealed !== 'string' || sealed.length > LONGEST) return undefined;
    try {
      const { until, originalUrl } = JSON.parse(keyring.openText(CONTEXT, Buffer.from(sealed, 'base64url')));
      return until > clock.now().getTime() ? originalUrl : undefined;
    } catch {
      // not ours, changed, or sealed under a key that is gone
      return undefined;
    }
  },
});
