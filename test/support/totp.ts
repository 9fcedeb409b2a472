import { createHmac } from 'node:crypto';
import type { Domain } from '../../src/compose/domain.ts';
import { epochSeconds } from '../../src/lib/clock.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_SECONDS = 30;
const ORIGIN = { address: '192.0.2.77' };

/** RFC 4648 §6, without padding. */
function base32Bytes(text: string): Buffer {
  const bits = [...text].map((one) => ALPHABET.indexOf(one).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** The time step of a moment in epoch seconds (RFC 6238 §4.2). */
export const stepAt = (seconds = epochSeconds(new Date(Date.now()))): number =>
  Math.floor(seconds / STEP_SECONDS);

/** The code of a time step, computed apart from the server's library (RFC 4226 §5.3, RFC 6238 §4). */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', base32Bytes(secret)).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 0xf;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export interface EnrolledApp {
  /** In base32. */
  secret: string;
  recoveryCodes: readonly string[];
  /** The code that the app shows, or the one so many time steps later. */
  code(later?: number): string;
  /** A code that the app shows at no time near the present. */
  wrong(): string;
}

/** Gives the account an authenticator app, with the code of the step before: the present one is not used yet. */
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
