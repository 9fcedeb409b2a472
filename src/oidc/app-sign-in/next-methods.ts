import type { Account } from '../../domain/accounts/account.ts';
import { passwordMethod } from '../../domain/authenticators/password/method.ts';
import type { SecondFactors } from '../../domain/second-factors/second-factors.ts';
import { unconfirmedContacts } from '../../domain/settings/contact-confirmation.ts';
import { acrValues, type MethodName } from '../../domain/sign-in/methods.ts';
import { missingPage, type Requirement, wantsTwoFactors } from '../../domain/sign-in/requirements.ts';
import type { SignInState } from '../../domain/sign-in/sign-in-state.ts';
import {
  essentialAcrs,
  type RequestedAuthentication,
  requestedAcrs,
  requestedMethods,
} from '../authentication/requested-methods.ts';
import { type Next, type NextMethod, redirectToWeb, unmetAcr } from './answers.ts';
import type { OtpChannel } from './otp-channels.ts';

export interface NextMethodsDeps {
  /** The methods that this deployment offers. */
  methods: readonly MethodName[];
  /** The requirements of every sign-in, in the order in which they are requested. */
  requirements: readonly Requirement[];
  secondFactors: Pick<SecondFactors, 'offer'>;
  /** Returns whether an account has a passkey that this deployment accepts. */
  hasPasskey: (accountId: number) => Promise<boolean>;
  accounts: { find(id: number): Promise<Account | undefined> };
}

export interface NextMethods {
  /**
   * Returns the methods that can begin a sign-in. They depend only on the request, never on an account. Throws
   * `redirect_to_web` and others.
   */
  first(request: RequestedAuthentication): Next;
  /** Returns the missing step after a factor; undefined when the sign-in is finished. Throws `redirect_to_web`. */
  after(state: SignInState, request: RequestedAuthentication): Promise<Next | undefined>;
}

const SECOND_FACTOR_PAGE = 'second-factor';

/** Determines the remaining methods of a sign-in, by the same requirements as the pages. */
export function nextMethods(
  { methods, requirements, secondFactors, hasPasskey, accounts }: NextMethodsDeps,
  channels: Readonly<Record<string, OtpChannel | undefined>>,
): NextMethods {
  const channelsOf = (method: MethodName): string[] =>
    Object.keys(channels).filter((name) => channels[name]?.method === method);
  const nameOf = (method: MethodName): NextMethod | undefined => {
    if (method === 'password' || method === 'passkey') return method;
    return channelsOf(method).length > 0 ? 'otp' : undefined;
  };
  const inApps = methods.filter((method) => nameOf(method) !== undefined);

  async function secondStep(state: SignInState, acrs: readonly string[]): Promise<Next> {
    const { accountId, completed } = state;
    const [first] = completed;
    const isWanted = wantsTwoFactors(state, acrs);
    const [offer, hasKey] = await Promise.all([
      secondFactors.offer(accountId, first?.method ?? '', { isWanted }),
      hasPasskey(accountId),
    ]);
    const possible: Record<'code' | 'otp' | 'passkey', boolean> = {
      code: offer.methods.includes('totp') || offer.recoveryCodes > 0,
      otp: offer.sent.length > 0,
      passkey: hasKey,
    };
    return {
      methods: (['code', 'otp', 'passkey'] as const).filter((name) => possible[name]),
      otpChannels: offer.sent.map(({ factor }) => factor),
    };
  }

  return {
    first(request) {
      const essential = essentialAcrs(request);
      const isGivenBy = (some: readonly MethodName[]): boolean =>
        essential === undefined || acrValues(some).some((acr) => essential.includes(acr));
      if (!isGivenBy(methods)) throw unmetAcr();
      if (!isGivenBy(inApps)) throw redirectToWeb();
      const wanted = requestedMethods(inApps, request);
      const names = wanted.flatMap((method) => nameOf(method) ?? []);
      return { methods: [...new Set(names)], otpChannels: wanted.flatMap(channelsOf) };
    },
    async after(state, request) {
      const { accountId } = state;
      const acrs = requestedAcrs(request);
      const page = await missingPage(requirements, state, {
        ...{ acrs, essential: essentialAcrs(request) },
        // an app has no cookie that identifies a browser
        isRemembered: false,
      });
      if (page === SECOND_FACTOR_PAGE) {
        const left = await secondStep(state, acrs);
        if (left.methods.length > 0) return left;
      }
      if (page === passwordMethod.page) return { methods: ['password'], otpChannels: [] };
      if (page !== undefined) throw redirectToWeb();
      const account = await accounts.find(accountId);
      if (!account || unconfirmedContacts(account).length > 0) throw redirectToWeb();
      return undefined;
    },
  };
}
