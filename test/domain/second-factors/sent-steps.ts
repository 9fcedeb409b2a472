import type { SentFactor } from '../../../src/domain/second-factors/second-factors.ts';
import { moveClock } from '../../support/clock.ts';
import type { EmptyDomain } from '../empty-domain.ts';

export const EMAIL = 'somchai@example.com';
export const MOBILE = '+66812345678';

type Factors = Pick<EmptyDomain, 'secondFactors'>;

/** The recipient of the codes: an account with these contacts, at an IP address. */
interface Stage {
  domain: EmptyDomain;
  accountId: number;
  address: string;
}

/** A wrong code, which differs in its first digit. */
export const wrong = (code: string): string =>
  code.replace(/^\d/, (digit) => String((Number(digit) + 1) % 10));

/** The steps of codes that are sent as second factors. Each step calls `stage`. */
export function sentSteps(stage: () => Stage) {
  const send = (factor: SentFactor, { id = stage().accountId, browser = 'mine' } = {}) =>
    stage().domain.secondFactors.send(id, factor, { locale: 'en', address: stage().address, browser });

  /** The newest code to the contact of a factor. */
  async function codeSent(factor: SentFactor): Promise<string> {
    const to = factor === 'sms' ? MOBILE : EMAIL;
    const [newest] = await stage().domain.outbox.list({ to, limit: 1 });
    return /\b\d{6}\b/.exec(newest?.text ?? '')?.[0] ?? '';
  }

  const verify = (
    factor: SentFactor,
    code: string,
    { id = stage().accountId, browser = 'mine', on = stage().domain as Factors } = {},
  ) =>
    on.secondFactors.verifySent(id, factor, {
      ...{ code, browser, origin: { address: stage().address }, clientId: undefined },
    });

  /** Turns a factor on and returns the recovery codes that come with the first one. */
  async function turnOn(factor: SentFactor): Promise<string[]> {
    const { domain, accountId, address } = stage();
    await send(factor);
    const guess = { code: await codeSent(factor), browser: 'mine', origin: { address } };
    const { recoveryCodes } = await domain.secondFactors.turnOn(accountId, factor, guess);
    await moveClock(domain.database, 61);
    return recoveryCodes;
  }

  return { send, codeSent, verify, turnOn };
}
