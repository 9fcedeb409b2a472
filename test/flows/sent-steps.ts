import { expect } from 'chai';
import type { SentFactor } from '../../src/domain/second-factors/second-factors.ts';
import { codeTo } from '../browser/steps.ts';
import { somebody, type Visitor } from '../pages/account/visitor.ts';
import { moveClock } from '../support/clock.ts';
import type { TestServer } from '../support/server.ts';
import type { At, TwoSteps } from './two-steps.ts';

export const addressOf = (person: Visitor, factor: SentFactor): string =>
  factor === 'sms' ? person.mobile : person.email;

/** Turns on codes as a second factor, as the owner does. Returns the recovery codes. */
export async function turnOn(
  { domain, database }: TestServer,
  person: Visitor,
  factor: SentFactor,
): Promise<string[]> {
  const asked = { locale: 'en' as const, address: '192.0.2.78', browser: 'set-up' };
  await domain.secondFactors.send(person.id, factor, asked);
  const code = await codeTo({ domain }, addressOf(person, factor));
  const { recoveryCodes } = await domain.secondFactors.turnOn(person.id, factor, {
    ...{ code, browser: 'set-up', origin: { address: '192.0.2.78' } },
  });
  await moveClock(database, 61);
  return recoveryCodes;
}

/** The steps of sign-ins whose second factor is a code that is sent. */
export function sentSteps(server: TestServer, flow: TwoSteps) {
  const newest = (person: Visitor, factor: SentFactor): Promise<string> =>
    codeTo(server, addressOf(person, factor));

  /** A person who has turned on these factors. */
  async function protectedBy(...factors: SentFactor[]): Promise<Visitor> {
    const person = await somebody(server);
    for (const factor of factors) await turnOn(server, person, factor);
    return person;
  }

  const sendCode = (at: At, factor: SentFactor): Promise<At> =>
    flow.send(at, `second-factor/${factor}/send`, {});
  const enter = (at: At, factor: SentFactor, code: string, more: Record<string, string> = {}): Promise<At> =>
    flow.send(at, `second-factor/${factor}`, { code, ...more });

  /** Completes the second step with a code that is sent. */
  async function bySent(asked: At, person: Visitor, factor: SentFactor, more = {}): Promise<At> {
    const sent = await sendCode(asked, factor);
    expect(sent.step).to.equal(`second-factor/${factor}`);
    return enter(sent, factor, await newest(person, factor), more);
  }

  /** Completes the first factor with a code that is sent to the mobile. */
  async function firstBySms(at: At, person: Visitor): Promise<At> {
    await flow.send(at, 'sms', { login: person.mobile });
    return flow.send(at, 'sms/code', { code: await codeTo(server, person.mobile) });
  }

  /** The number of messages to the contact of a factor. */
  async function countTo(person: Visitor, factor: SentFactor): Promise<number> {
    const to = addressOf(person, factor).replace(/^0/, '+66');
    return (await server.domain.outbox.list({ to, limit: 50 })).length;
  }

  return { newest, protectedBy, sendCode, enter, bySent, firstBySms, countTo };
}

export type SentSteps = ReturnType<typeof sentSteps>;
