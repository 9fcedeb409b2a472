import type { Clock } from './clock.ts';
import type { Keyring } from './keyring.ts';

/** Values that others carry for us, sealed under `SECRET_KEY` together with the time at which they expire. */
export interface ExpiringSeal {
  /** In base64url. `context` names what the value is for, and whom it was given to. */
  seal(context: string, value: unknown, seconds: number): string;
  /** Undefined when it has expired, was changed, is of another context, or its key is gone. */
  open(context: string, sealed: string): unknown;
}

interface Deps {
  keyring: Pick<Keyring, 'seal' | 'openText'>;
  clock: Clock;
}

export const expiringSeal = ({ keyring, clock }: Deps): ExpiringSeal => ({
  seal(context, value, seconds) {
    const until = clock.now().getTime() + seconds * 1000;
    return keyring.seal(context, JSON.stringify({ until, value })).toString('base64url');
  },
  open(context, sealed) {
    try {
      const { until, value } = JSON.parse(keyring.openText(context, Buffer.from(sealed, 'base64url')));
      return until > clock.now().getTime() ? value : undefined;
    } catch {
      return undefined;
    }
  },
});
