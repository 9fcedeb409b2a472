import { emailCodeMethod } from '../../domain/authenticators/email-code/method.ts';
import { passwordMethod } from '../../domain/authenticators/password/method.ts';
import { smsCodeMethod } from '../../domain/authenticators/sms-code/method.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import { EMAIL_PATHS, pathOf, SIGN_IN_PATHS, SMS_PATHS } from '../kit/paths.ts';

/** The addresses of the other methods to sign in. Undefined for methods that the sign-in does not offer. */
export function methodAddresses({ uid, methods }: { uid: string; methods: readonly MethodName[] }) {
  const address = (name: MethodName, path: string) =>
    methods.includes(name) ? pathOf(path, uid) : undefined;
  return {
    passwordAddress: address(passwordMethod.name, SIGN_IN_PATHS.login),
    codeAddress: address(smsCodeMethod.name, SMS_PATHS.mobile),
    emailAddress: address(emailCodeMethod.name, EMAIL_PATHS.address),
  };
}
