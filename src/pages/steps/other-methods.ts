import { emailCodeMethod } from '../../domain/authenticators/email-code/method.ts';
import { passwordMethod } from '../../domain/authenticators/password/method.ts';
import type { Channels } from '../../domain/messages/channels.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import {
  ACCOUNT_PATH,
  EMAIL_PATHS,
  FORGOT_PASSWORD_PATHS,
  pathOf,
  REGISTER_PATHS,
  SIGN_IN_FORGOT_PASSWORD_PATHS,
  SIGN_IN_PATHS,
  SIGN_IN_REGISTER_PATHS,
} from '../kit/paths.ts';
import type { CodePurpose, OtherMethods } from '../page-data/steps-data.ts';
import type { Flow } from './steps.ts';

/**
 * The links from the steps that verify a mobile, for a person whose number already has an account, or has none. The
 * links are the same in both cases: only a message may reveal the difference.
 */
export function otherMethods(
  purpose: CodePurpose,
  { signIn, originalUrl, signInAddress: elsewhere }: Flow,
  channels: Channels,
): OtherMethods {
  const uid = signIn?.uid;
  const signInAddress =
    elsewhere ?? (signIn ? pathOf(SIGN_IN_PATHS.current, uid) : (originalUrl ?? ACCOUNT_PATH));
  const register = signIn ? SIGN_IN_REGISTER_PATHS : REGISTER_PATHS;
  const registerAddress = channels.has('sms') ? pathOf(register.mobile, uid) : undefined;
  const forgot = signIn ? SIGN_IN_FORGOT_PASSWORD_PATHS : FORGOT_PASSWORD_PATHS;
  const forgotAddress = pathOf(forgot.mobile, uid);
  if (purpose === 'register') return { signInAddress, forgotAddress };
  if (purpose === 'reset') return { signInAddress, registerAddress };
  const offers = (name: MethodName, path: string): string | undefined =>
    signIn?.methods.includes(name) ? pathOf(path, uid) : undefined;
  return {
    signInAddress: offers(passwordMethod.name, SIGN_IN_PATHS.login),
    emailAddress: offers(emailCodeMethod.name, EMAIL_PATHS.address),
    ...{ registerAddress, forgotAddress },
  };
}
