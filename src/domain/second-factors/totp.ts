import { Secret, TOTP } from 'otpauth';
import { equalSecrets } from '../../lib/constant-time.ts';

/** RFC 6238 with the parameters that every app supports. */
const PARAMETERS = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const SECRET_BYTES = 20;
/** The time steps before and after the current one that are accepted, because clocks differ (RFC 6238 §5.2). */
const DRIFT = 1;

/** Returns a new shared secret, in base32 as people type it. */
export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

/** Returns the content of a QR code for an app: the issuer, the account and the secret. */
export const totpUri = ({
  secret,
  issuer,
  label,
}: {
  secret: string;
  issuer: string;
  label: string;
}): string => new TOTP({ ...PARAMETERS, secret: Secret.fromBase32(secret), issuer, label }).toString();

/**
 * Returns the time step that the code belongs to, within the drift and after `lastStep`; undefined for any other code.
 */
export function matchingStep(
  { secret, lastStep }: { secret: string; lastStep: number },
  code: string,
  now: Date,
): number | undefined {
  const totp = new TOTP({ ...PARAMETERS, secret: Secret.fromBase32(secret) });
  const present = Math.floor(now.getTime() / 1000 / PARAMETERS.period);
  let found: number | undefined;
  // every step is compared, so that the duration does not reveal which one matched
  for (let step = present - DRIFT; step <= present + DRIFT; step += 1) {
    const expected = totp.generate({ timestamp: step * PARAMETERS.period * 1000 });
    if (equalSecrets(expected, code) && step > lastStep) found = step;
  }
  return found;
}
