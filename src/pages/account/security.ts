import type { Context, Middleware } from 'koa';
import type { Account } from '../../domain/accounts/account.ts';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { Passkeys } from '../../domain/passkeys/passkeys.ts';
import type { SecondFactorRecoveries } from '../../domain/second-factors/recoveries.ts';
import {
  SENT_FACTORS,
  type SecondFactors,
  type SentFactor,
} from '../../domain/second-factors/second-factors.ts';
import type { RemovePasskey } from '../../domain/settings/passkey-removal.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import type { NewAuthenticators } from '../kit/new-authenticator.ts';
import { ACCOUNT_PASSKEY_PATHS, SECURITY_PATHS } from '../kit/paths.ts';
import { explainWrongCode } from '../kit/second-factor-code.ts';
import { SENT_FACTOR_SETUP_PATHS, type SentCodePages } from '../kit/sent-codes.ts';
import { momentWriter } from '../page-data/moment.ts';
import { type AccountArea, type AccountForm, accountPage, withOutcome } from './account-page.ts';
import { withRecentSignIn } from './recent-sign-in.ts';

interface Deps {
  secondFactors: SecondFactors;
  /** Undefined where browsers cannot create passkeys for this deployment. */
  passkeys: Passkeys | undefined;
  removePasskey: RemovePasskey;
  recoveries: Pick<SecondFactorRecoveries, 'find' | 'cancel'>;
  methodsOf: (account: Account) => Promise<readonly MethodName[]>;
  newAuthenticators: NewAuthenticators;
  sentCodes: SentCodePages;
  originOf: (ctx: Context) => Origin;
  timeZone: string;
}

const PATH = SECURITY_PATHS.overview;

const passkeyForms = (passkeys: Passkeys, remove: RemovePasskey): AccountForm[] => [
  {
    action: ACCOUNT_PASSKEY_PATHS.rename,
    once: true,
    submit: withRecentSignIn(async ({ id = '', name = '' }, { account }) => {
      await passkeys.rename(account.id, id, name);
      return withOutcome(PATH, 'passkey_renamed');
    }),
  },
  {
    action: ACCOUNT_PASSKEY_PATHS.remove,
    once: true,
    submit: withRecentSignIn(async ({ id = '' }, { account }) => {
      await remove(account.id, id);
      return withOutcome(PATH, 'passkey_removed');
    }),
  },
];

/** Sends the code that activates the factor. */
const sendForm = ({ sentCodes }: Deps, factor: SentFactor): AccountForm => ({
  action: SENT_FACTOR_SETUP_PATHS[factor].send,
  submit: withRecentSignIn(async (_sent, { account }, ctx) => {
    const { page } = SENT_FACTOR_SETUP_PATHS[factor];
    await sentCodes.send(ctx, page, { accountId: account.id, factor });
    return page;
  }),
});

/** `/account/security`: the person's ways to sign in, and the second factors. */
export function securityPage(area: AccountArea, deps: Deps): Middleware {
  const { secondFactors, passkeys, recoveries } = deps;
  const written = momentWriter(deps.timeZone);
  return accountPage(area, {
    name: 'account/security',
    path: PATH,
    outcomes: [
      ...['authenticator_added', 'authenticator_renamed', 'authenticator_removed'],
      ...['code_on', 'code_off', 'recovery_cancelled'],
      ...['passkey_added', 'passkey_renamed', 'passkey_removed'],
    ],
    async load({ account, isRecentlyAuthenticated }) {
      const [methods, { authenticators, recoveryCodes }, possible, recovery, keys, signals] =
        await Promise.all([
          deps.methodsOf(account),
          secondFactors.list(account.id),
          secondFactors.possible(account.id),
          recoveries.find(account.id),
          passkeys?.list(account.id),
          passkeys?.signals(account),
        ]);
      const writtenIfAny = (at: Date | null | undefined) => (at ? written(at) : undefined);
      const sent = SENT_FACTORS.map((factor) => {
        const row = authenticators.find(({ method }) => method === factor);
        const to = possible.find((one) => one.factor === factor)?.to;
        return { factor, id: row?.id, to, usedAt: writtenIfAny(row?.lastUsedAt) };
      });
      return {
        methods,
        authenticators: authenticators
          .filter(({ method }) => method === 'totp')
          .map(({ id, name, createdAt, lastUsedAt }) => ({
            ...{ id, name: name ?? '' },
            addedAt: written(createdAt),
            usedAt: writtenIfAny(lastUsedAt),
          })),
        // the factors that can be activated, or are active
        sent: sent.filter(({ id, to }) => id !== undefined || to !== undefined),
        recoveryCodes,
        recoveryAt: recovery && written(recovery.availableAt),
        passkeys: keys?.map(({ id, name, backedUp, createdAt, lastUsedAt }) => ({
          ...{ id, name, backedUp },
          addedAt: written(createdAt),
          usedAt: writtenIfAny(lastUsedAt),
        })),
        signals,
        needsRecentSignIn: !isRecentlyAuthenticated,
      };
    },
    forms: [
      {
        action: SECURITY_PATHS.rename,
        once: true,
        submit: withRecentSignIn(async ({ id = '', name = '' }, { account }) => {
          await secondFactors.rename(account.id, id, name);
          return withOutcome(PATH, 'authenticator_renamed');
        }),
      },
      {
        action: SECURITY_PATHS.remove,
        once: true,
        submit: withRecentSignIn(async ({ id = '' }, { account }) => {
          const { authenticators } = await secondFactors.list(account.id);
          const isApp = authenticators.some((one) => one.id === id && one.method === 'totp');
          await secondFactors.remove(account.id, id);
          return withOutcome(PATH, isApp ? 'authenticator_removed' : 'code_off');
        }),
      },
      ...SENT_FACTORS.map((factor) => sendForm(deps, factor)),
      ...(passkeys ? passkeyForms(passkeys, deps.removePasskey) : []),
      {
        // changes nothing about the second factors, so no recent sign-in is required
        action: SECURITY_PATHS.cancelRecovery,
        once: true,
        async submit(_sent, { account }) {
          await recoveries.cancel(account.id);
          return withOutcome(PATH, 'recovery_cancelled');
        },
      },
      {
        action: SECURITY_PATHS.recoveryCodes,
        submit: withRecentSignIn(async (_sent, { account }, ctx) => {
          const codes = await secondFactors.renewRecoveryCodes(account.id);
          area.show(ctx, 'sign-in/recovery-codes', { codes, next: PATH }, { status: 200, address: PATH });
          return undefined;
        }),
      },
    ],
  });
}

/** `/account/authenticator/new`: sets up an authenticator app. */
export const authenticatorPage = (area: AccountArea, deps: Deps): Middleware =>
  accountPage(area, {
    name: 'account/authenticator',
    path: SECURITY_PATHS.enrol,
    fresh: true,
    load: ({ account }, _sent, ctx) => deps.newAuthenticators.of(ctx, account.id),
    forms: [
      {
        submit: withRecentSignIn(async ({ code = '' }, { account }, ctx) => {
          const { recoveryCodes: codes } = await explainWrongCode(
            deps.secondFactors.confirm(account.id, code, deps.originOf(ctx)),
          );
          const next = withOutcome(PATH, 'authenticator_added');
          if (codes.length === 0) return next;
          area.show(ctx, 'sign-in/recovery-codes', { codes, next }, { status: 200, address: PATH });
          return undefined;
        }),
      },
    ],
  });
