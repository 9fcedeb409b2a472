import { expect } from 'chai';
import type { Context } from 'koa';
import type { InteractionResults, Provider } from 'oidc-provider';
import type { Requirement } from '../../../src/domain/sign-in/requirements.ts';
import { anyFactor } from '../../../src/domain/sign-in/requirements.ts';
import { interactions } from '../../../src/oidc/authentication/interactions.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const ctx = {} as Context;

const code: Requirement = {
  name: 'code',
  missing: async ({ completed }) => (completed.some(({ method }) => method === 'code') ? undefined : 'sms'),
};

/** The library's interaction as a value in memory, and the results that finished it. */
function signInIn(requirements: readonly Requirement[]) {
  const ended: InteractionResults[] = [];
  const interaction = {
    uid: 'u',
    exp: SECONDS + 600,
    prompt: { name: 'login', details: {}, reasons: ['no_session'] },
    params: {},
    result: undefined as InteractionResults | undefined,
    lifetimes: [] as number[],
    save: async (seconds: number) => void interaction.lifetimes.push(seconds),
  };
  const provider = {
    interactionDetails: async () => interaction,
    interactionResult: async (_req: unknown, _res: unknown, result: InteractionResults) => {
      ended.push(result);
      return '/resume';
    },
  } as unknown as Provider;
  const steps = interactions({
    provider: () => provider,
    detailTypes: { textsOf: () => [] },
    consents: {} as never,
    clock: { now: () => NOW },
    methods: ['password', 'code'],
    requirements,
    isRemembered: async () => false,
    browserOf: () => 'browser',
    beginnings: { refund: async () => {} },
    linkPending: async () => {},
  });
  return { steps, interaction, ended };
}

describe('a sign-in with more than one requirement', () => {
  it('finishes with the first factor where nothing else is required', async () => {
    const { steps, ended } = signInIn([anyFactor]);
    expect(await steps.factorCompleted(ctx, 'u', 7, 'password')).to.equal('/resume');
    expect(ended).to.deep.equal([
      {
        login: { accountId: '7', acr: 'urn:pratu:acr:password', amr: ['pwd'], ts: SECONDS, remember: true },
        browser: 'browser',
      },
    ]);
  });

  it('signs nobody in until the last requirement is met, and reports all factors then', async () => {
    const { steps, interaction, ended } = signInIn([anyFactor, code]);
    expect(await steps.factorCompleted(ctx, 'u', 7, 'password')).to.equal('/interaction/u/sms');
    expect(ended).to.deep.equal([]);
    expect(interaction.result).to.not.have.property('login');
    expect(interaction.lifetimes).to.deep.equal([600]);
    expect(await steps.factorCompleted(ctx, 'u', 7, 'code')).to.equal('/resume');
    expect(ended[0]?.login).to.include({ accountId: '7', acr: 'urn:pratu:acr:mfa' });
  });

  it('does not read again what was read with the factor', async () => {
    const asked: unknown[] = [];
    const noted: Requirement = {
      name: 'noted',
      missing: async (_state, { hasNoAuthenticator }) => void asked.push(hasNoAuthenticator),
    };
    for (const known of [undefined, { hasNoAuthenticator: true, hasConfirmedContacts: true }]) {
      const { steps, ended } = signInIn([noted]);
      await steps.factorCompleted(ctx, 'u', 7, 'password', known);
      // the result of the step includes it, so it is not read again after the sign-in
      expect('contacts' in (ended[0] ?? {})).to.equal(known !== undefined);
    }
    expect(asked).to.deep.equal([false, true]);
  });

  it('is not finished by the factor of another account', async () => {
    const { steps, ended } = signInIn([
      { ...code, missing: async ({ completed }) => (completed.length > 1 ? undefined : 'sms') },
    ]);
    await steps.factorCompleted(ctx, 'u', 7, 'password');
    expect(await steps.factorCompleted(ctx, 'u', 8, 'code')).to.equal('/interaction/u/sms');
    expect(ended).to.deep.equal([]);
  });
});
