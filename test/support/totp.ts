import { createHmac } from 'node:crypto';
import type { Domain } from '../../src/compose/domain.ts';
import { epochSeconds } from '../../src/lib/clock.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_SECONDS = 30;
const ORIGIN = { address: '192.0.2.77' };

/** Decodes base32 (RFC 4648 §6) without padding. */
function base32Bytes(text: string): Buffer {
  const bits = [...text].map((one) => ALPHABET.indexOf(one).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** The time step of a time in epoch seconds (RFC 6238 §4.2). */
export const stepAt = (seconds = epochSeconds(new Date(Date.now()))): number =>
  Math.floor(seconds / STEP_SECONDS);

/** The code of a time step, computed independently of the server's library (RFC 4226 §5.3, RFC 6238 §4). */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', base32Bytes(secret)).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 0xf;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export interface EnrolledApp {
  /** The shared secret, in base32. */
  secret: string;
  recoveryCodes: readonly string[];
  /** The code that the app shows now, or the given number of time steps later. */
  code(later?: number): string;
  /** A code that the app does not show within three time steps of the current one. */
  wrong(): string;
}

/**
 * Adds an authenticator app to the account, confirmed with the code of the previous time step. The current code
 * stays unused.
 */
export async function enrolApp(
  { secondFactors }: Pick<Domain, 'secondFactors'>,
  accountId: number,
): Promise<EnrolledApp> {
  const { secret } = await secondFactors.begin(accountId, 'Phone');
  const { recoveryCodes } = await secondFactors.confirm(accountId, totpCode(secret, stepAt() - 1), ORIGIN);
  const code = (later = 0): string => totpCode(secret, stepAt() + later);
  const near = (): string[] => [-3, -2, -1, 0, 1, 2, 3].map(code);
  const wrong = (): string => {
    const taken = near();
    return ['000000', '111111', '222222', '333333', '444444', '555555', '666666', '777777']
      .filter((one) => !taken.includes(one))
      .at(0) as string;
  };
  return { secret, recoveryCodes, code, wrong };
}
