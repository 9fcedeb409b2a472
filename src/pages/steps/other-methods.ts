import { passwordMethod } from '../../domain/authenticators/password/method.ts';
import type { Channels } from '../../domain/messages/channels.ts';
import type { CodePurpose, OtherMethods } from '../page-data/steps-data.ts';
import type { Flow } from './steps.ts';

/**
 * Where a person goes on from the steps that verify a mobile whose number turns out to have an account, or none. The
 * same links whether or not an account has the number: a message alone may tell.
 */
export function otherMethods(
  purpose: CodePurpose,
  { signIn, originalUrl }: Flow,
  channels: Channels,
): OtherMethods {
  const around = signIn ? `/interaction/${signIn.uid}` : '';
  const signInAddress = around || (originalUrl ?? '/account');
  const registerAddress = channels.has('sms') ? `${around}/register` : undefined;
  const forgotAddress = `${around}/forgot-password`;
  if (purpose === 'register') return { signInAddress, forgotAddress };
  if (purpose === 'reset') return { signInAddress, registerAddress };
  const byPassword = signIn?.methods.includes(passwordMethod.name)
    ? `${around}/${passwordMethod.page}`
    : undefined;
  return { signInAddress: byPassword, registerAddress, forgotAddress };
}
