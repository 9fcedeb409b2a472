import type { Clock } from './clock.ts';
import type { Keyring } from './keyring.ts';

/** Values that callers hold for the server, sealed with `SECRET_KEY` together with their expiry time. */
export interface ExpiringSeal {
  /** Returns base64url. `context` names the purpose and the recipient of the value. */
  seal(context: string, value: unknown, seconds: number): string;
  /** Undefined if the value has expired, was changed, has another context, or its key is no longer available. */
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
