import { parseEmail } from '../../domain/values/email.ts';
import { nationalMobile, parseMobile } from '../../domain/values/mobile.ts';
import type { FormError } from '../page-data/page-data.ts';
import type { MobileData } from '../page-data/steps-data.ts';
import type { Flow } from './steps.ts';

/** The contacts that the first step accepts. */
export type Accepts = MobileData['accepts'];

/** Undefined if no message can be sent. */
export function acceptedBy({ mobile, email }: { mobile: boolean; email: boolean }): Accepts | undefined {
  if (mobile) return email ? 'either' : 'mobile';
  return email ? 'email' : undefined;
}

/** The errors for an empty field, and for an invalid value. */
export const COMPLAINTS: Readonly<Record<Accepts, readonly [FormError['code'], FormError['code']]>> = {
  mobile: ['MOBILE_MISSING', 'INVALID_MOBILE'],
  email: ['EMAIL_MISSING', 'INVALID_EMAIL'],
  either: ['MOBILE_OR_EMAIL_WRONG', 'MOBILE_OR_EMAIL_WRONG'],
};

/** The client's hint, or the known person's mobile, if this form accepts it. */
export function hinted({ signIn }: Flow, accepts: Accepts | undefined, countries: readonly string[]): string {
  const hint = signIn?.loginHint || (signIn?.known?.mobile ?? '');
  if (accepts === 'email') return parseEmail(hint)?.value ?? '';
  const mobile = parseMobile(hint, { countries });
  if (mobile !== undefined) return nationalMobile(mobile);
  return accepts === 'either' ? hint : '';
}
