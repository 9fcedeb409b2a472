import { expect } from 'chai';
import { randomHex } from '../../src/lib/ids.ts';
import { newEmail } from '../domain/recovery/recovery-steps.ts';
import { holder, PASSWORD } from '../pages/step-server.ts';
import { type Visitor, visitor } from '../pages/visitor.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { moveClock } from '../support/clock.ts';
import { checkAnswer } from '../support/openapi.ts';
import type { TestServer } from '../support/server.ts';
import { type EnrolledApp, enrolApp } from '../support/totp.ts';

/** The path below that of the sign-in. */
export const LOST = 'second-factor/lost';

export interface Owner {
  id: number;
  mobile: string;
  email: string;
  app: EnrolledApp;
}

/** A person during a sign-in. */
export interface At {
  person: Visitor;
  /** The path of the sign-in. */
  at: string;
}

/** The steps of people who have lost their second factor, at one server. */
export function lostSteps(server: TestServer) {
  const { domain, database } = server;

  async function owner(): Promise<Owner> {
    const email = newEmail();
    const { id, mobile } = await holder(server, { email });
    return { id, mobile, email, app: await enrolApp(domain, id) };
  }

  /** A person in a network of their own: wrong codes are counted by network. */
  const somebody = (): Visitor =>
    visitor(server, new BrowserAgent(), `2001:db8:${randomHex(16)}:${randomHex(16)}::1`);

  /** Passes the password and arrives at the page of the second step. */
  async function toSecond(
    { email }: Pick<Owner, 'email'>,
    more: Record<string, string> = {},
    person = somebody(),
  ): Promise<At> {
    const at = await person.begin(more);
    const { location } = await person.send(`${at}/login`, { login: email, password: PASSWORD });
    expect(location).to.equal(`${at}/second-factor`);
    expect((await person.open(location)).page).to.include(`href="${at}/${LOST}"`);
    return { person, at };
  }

  /** Continues to the page for people who have lost their second factor. */
  async function toLost(someone: Pick<Owner, 'email'>, more: Record<string, string> = {}) {
    const { person, at } = await toSecond(someone, more);
    const { status, headers, page } = await person.open(`${at}/${LOST}`);
    checkAnswer('secondFactorLostPage', status, headers, page);
    expect(status).to.equal(200);
    return { person, at, page };
  }

  async function mailedCode({ email }: Pick<Owner, 'email'>): Promise<string> {
    const mails = await domain.outbox.list({ to: email, limit: 20 });
    return mails.flatMap(({ text }) => /\b\d{6}\b/.exec(text) ?? []).at(0) ?? '';
  }

  /** Requests a code and enters it. Returns the location that follows. */
  async function prove(
    { person, at }: At,
    someone: Owner,
    intent: 'begin' | 'finish',
    channel: 'sms' | 'email' = 'sms',
  ): Promise<string> {
    const sent = await person.send(`${at}/${LOST}`, { intent, channel });
    checkAnswer('reportSecondFactorLost', sent.status, sent.headers, '');
    expect(sent.location).to.equal(`${at}/${LOST}/code?channel=${channel}`);
    const shown = await person.open(sent.location);
    checkAnswer('secondFactorLostCodePage', shown.status, shown.headers, shown.page);
    const code = channel === 'sms' ? await person.codeTo(someone.mobile) : await mailedCode(someone);
    const { status, headers, location } = await person.send(sent.location, { code, intent });
    checkAnswer('proveContactForLostSecondFactor', status, headers, '');
    expect(status).to.equal(303);
    return location;
  }

  /** An owner whose recovery is waiting. */
  async function begun(more: Record<string, string> = {}): Promise<Owner> {
    const someone = await owner();
    const lost = await toLost(someone, more);
    expect(await prove(lost, someone, 'begin')).to.equal(`${lost.at}/${LOST}`);
    return someone;
  }

  return {
    owner,
    toSecond,
    toLost,
    mailedCode,
    prove,
    begun,
    later: (hours: number): Promise<void> => moveClock(database, hours * 3600),
    isEnrolled: ({ id }: Pick<Owner, 'id'>) => domain.secondFactors.isEnrolled(id),
    recoveryOf: ({ id }: Pick<Owner, 'id'>) => domain.secondFactorRecoveries.find(id),
  };
}

export type LostSteps = ReturnType<typeof lostSteps>;
