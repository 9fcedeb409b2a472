import { errors } from 'oidc-provider';
import type { PasskeyAuthenticator } from '../../domain/authenticators/passkey/passkey.ts';
import type { PasswordAuthenticator } from '../../domain/authenticators/password/password.ts';
import type { CodeSent } from '../../domain/one-time-codes/one-time-codes.ts';
import {
  SENT_FACTORS,
  type SecondFactors,
  type SentFactor,
} from '../../domain/second-factors/second-factors.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import type { Locale } from '../../domain/values/locale.ts';
import type { Extras } from './answers.ts';
import type { Attempt } from './attempt.ts';
import type { AuthSession } from './auth-session.ts';
import type { OtpChannel } from './otp-channels.ts';
import type { SentStep, StepName } from './parameters.ts';

/** A completed factor. */
export interface Factor {
  accountId: number;
  /** The account's generation when the factor was verified; undefined if the sign-in already has it. */
  generation?: number;
  method: MethodName;
}

/** The result of a step: a factor, or the data that the next step needs. */
export type Taken =
  | { factor: Factor }
  | { factor?: undefined; sentTo?: AuthSession['sentTo']; extras: Extras };

export type TakeStep = (
  step: SentStep,
  attempt: Attempt & { locale: Locale; isAuthenticated: boolean },
) => Promise<Taken>;

export interface StepsDeps {
  passwordAuthenticator: Pick<PasswordAuthenticator, 'verify'>;
  passkeyAuthenticator: Pick<PasskeyAuthenticator, 'begin' | 'verify'>;
  secondFactors: Pick<SecondFactors, 'send' | 'verify' | 'verifySent'>;
  channels: Readonly<Record<string, OtpChannel | undefined>>;
}

/** Requests the options of a passkey, in place of its response. */
const BEGIN = 'begin';

function identifierOf({ identifier }: Attempt): string {
  if (identifier === undefined) throw new errors.InvalidRequest("missing required parameter 'login_hint'");
  return identifier;
}

/** Returns the member `otp` of the response. Of a code that was sent moments ago, only the channel is available. */
const otpOf = (channel: string, sent: CodeSent | undefined): Extras['otp'] => ({
  channel,
  ...(sent && { reference: sent.reference, expires_in: sent.expiresIn, resend_after: sent.resendAfter }),
});

/**
 * Performs the steps of a sign-in with the authenticators that the pages use. The caller has checked that the step is
 * among those that remain. Throws the errors of the authenticators, and `invalid_request` for a step that does not
 * apply.
 */
export function steps({
  passwordAuthenticator,
  passkeyAuthenticator,
  secondFactors,
  channels,
}: StepsDeps): TakeStep {
  const channelOf = (name: string): OtpChannel => {
    const channel = channels[name];
    if (!channel) throw new Error(`unknown otp_channel ${name}`);
    return channel;
  };

  const factorOf = (name: string): SentFactor => {
    const factor = SENT_FACTORS.find((one) => one === name);
    if (!factor) throw new Error(`unknown otp_channel ${name}`);
    return factor;
  };

  const each: Record<StepName, (value: string, attempt: Parameters<TakeStep>[1]) => Promise<Taken>> = {
    async password(password, attempt) {
      const { origin, clientId, requestId } = attempt;
      const { id, generation } = await passwordAuthenticator.verify({
        ...{ identifier: identifierOf(attempt), password, origin, clientId, requestId },
        canContinue: true,
      });
      return { factor: { accountId: id, generation, method: 'password' } };
    },
    async otp_channel(name, attempt) {
      const { session, origin, locale } = attempt;
      if (session.state) {
        const request = { locale, address: origin.address, browser: session.id };
        const sent = await secondFactors.send(session.state.accountId, factorOf(name), request);
        return { sentTo: { channel: name }, extras: { otp: otpOf(name, sent) } };
      }
      const channel = channelOf(name);
      const address = channel.read(identifierOf(attempt));
      if (address === undefined)
        throw new errors.InvalidRequest('login_hint is no address that this otp_channel sends to');
      const sent = await channel.send(address, attempt);
      return { sentTo: { channel: name, address }, extras: { otp: otpOf(name, sent) } };
    },
    async otp(code, attempt) {
      const { session, origin, clientId } = attempt;
      const { state, sentTo } = session;
      if (!sentTo) throw new errors.InvalidRequest("no code was requested: send 'otp_channel' first");
      if (state) {
        const guess = { code, browser: session.id, origin, clientId };
        const { accountId } = state;
        const method = await secondFactors.verifySent(accountId, factorOf(sentTo.channel), guess);
        return { factor: { accountId, method } };
      }
      const channel = channelOf(sentTo.channel);
      const { id, generation } = await channel.verify(sentTo.address ?? '', code, attempt);
      return { factor: { accountId: id, generation, method: channel.method } };
    },
    async code(code, { session, origin, clientId }) {
      const accountId = session.state?.accountId;
      if (accountId === undefined) throw new errors.InvalidRequest("'code' is for the second factor");
      return {
        factor: { accountId, method: await secondFactors.verify(accountId, code, { origin, clientId }) },
      };
    },
    async passkey(value, { session, origin, clientId, requestId }) {
      const ceremony = { browser: session.id, part: 'app sign-in' };
      if (value === BEGIN) return { extras: { passkey_options: await passkeyAuthenticator.begin(ceremony) } };
      const credential = { ceremony, credential: value, origin, clientId, requestId };
      const { id, generation } = await passkeyAuthenticator.verify(credential);
      return { factor: { accountId: id, generation, method: 'passkey' } };
    },
  };
  return ({ name, value }, attempt) => each[name](value, attempt);
}
