import type { Account } from '../../domain/accounts/account.ts';
import { mainContact } from '../../domain/accounts/account.ts';
import type { Location } from '../../domain/locations/locations.ts';
import type { Locale } from '../../domain/messages/message.ts';
import { profileName } from '../../domain/values/person-name.ts';

/** `YYYY-MM-DD HH:mm:ss` in the time zone of the deployment. The Swedish locale uses this format. */
const secondOf = (date: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(date);

/** Returns the account as the API shows it. Values that were never given are null. */
export const user = (account: Account, timeZone: string): Record<string, unknown> => ({
  id_user: account.id,
  name: profileName(account.profile),
  email: mainContact(account, 'email')?.value ?? null,
  phone: account.profile.phone,
  birthdate: account.profile.birthDate,
  avatar: account.profile.avatar,
  id_location: account.profile.locationId,
  joined_date: secondOf(account.createdAt, timeZone),
});

export const location = ({ id, nameTh, nameEn }: Location, locale: Locale): Record<string, unknown> => ({
  id_location: id,
  name: locale === 'en' ? nameEn : nameTh,
});
