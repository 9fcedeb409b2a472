import { type Account, cardNumber, mainContact } from '../../domain/accounts/account.ts';
import { dayOf, formatDay } from '../../domain/values/calendar-day.ts';
import { nationalMobile } from '../../domain/values/mobile.ts';

const MOBILE_DIGITS = 10;
const CODE_DIGITS = 6;
const PHONE_DIGITS = 10;

/** A number in a request may be a JSON number, without its leading zeros. These are restored. */
const asText = (value: unknown, digits: number): string =>
  typeof value === 'number' ? String(value).padStart(digits, '0') : String(value);

export const mobileText = (value: unknown): string => asText(value, MOBILE_DIGITS);
export const codeText = (value: unknown): string => asText(value, CODE_DIGITS);
export const phoneText = (value: unknown): string => asText(value, PHONE_DIGITS);

export interface CustomerContext {
  /** The national ID, which is shown only to its owner. */
  nationalId: string | undefined;
  timeZone: string;
}

/** Returns the customer, with members in the order that clients expect. Values that were never given are null. */
export function customer(
  account: Account,
  { nationalId, timeZone }: CustomerContext,
): Record<string, unknown> {
  const { profile, title, card } = account;
  const mobile = mainContact(account, 'mobile')?.value;
  return {
    id: account.id,
    thaiId: nationalId ?? null,
    email: mainContact(account, 'email')?.value ?? null,
    mobile: mobile ? nationalMobile(mobile) : null,
    firstName: profile.firstName,
    lastName: profile.lastName,
    title,
    birthDate: profile.birthDate && formatDay(profile.birthDate),
    registerChannel: account.registerChannel ?? 'WEB',
    phone: profile.phone,
    addresses: [],
    cpOneCard: card && {
      id: card.id,
      cardNumber: cardNumber(card),
      cardLevel: card.level,
      expiryDate: formatDay(dayOf(card.expiresAt, timeZone)),
    },
  };
}
