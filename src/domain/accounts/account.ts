import { ungroupedNumber } from '../../lib/typed-text.ts';

/** `pending` is not activated yet; `deleted` keeps only the ID and no personal data. */
export type AccountStatus = 'active' | 'pending' | 'suspended' | 'deleted';

export type RegisterChannel = 'MOBILE' | 'WEB' | 'CALL';

export type ContactKind = 'mobile' | 'email';

/** A mobile number (E.164) or an e-mail address of an account. */
export interface Contact {
  kind: ContactKind;
  value: string;
  verified: boolean;
  /** False after a recovery through another contact, until the person confirms that this one belongs to them. */
  confirmed: boolean;
  /** True for the one contact of its kind that `mainContact` returns. */
  preferred: boolean;
  addedAt: Date;
  lastVerifiedAt: Date | null;
}

export interface Title {
  id: number;
  nameTh: string;
  nameEn: string;
  gender: 'MALE' | 'FEMALE';
}

export interface Card {
  id: number;
  level: { id: number; name: string };
  expiresAt: Date;
}

/** The details that people may provide about themselves; null if not provided. */
export interface Profile {
  firstName: string | null;
  lastName: string | null;
  middleName: string | null;
  nickname: string | null;
  preferredUsername: string | null;
  /** `YYYY-MM-DD`. */
  birthDate: string | null;
  profileUri: string | null;
  websiteUri: string | null;
  locale: string | null;
  zoneinfo: string | null;
  phone: string | null;
  address: string | null;
  addressTown: string | null;
  addressPostcode: string | null;
  addressRegion: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string | null;
  /** The ID of a row in `locations`. */
  locationId: number | null;
  /** In degrees; east and north are positive. */
  longitude: number | null;
  latitude: number | null;
  /** An external picture: an https URL, or a path that the app resolves. Never fetched by the server. */
  avatar: string | null;
}

/** An account: one person across all applications. `id` is `sub` in tokens. */
export interface Account {
  id: number;
  status: AccountStatus;
  /** Incremented to invalidate everything that was issued to the account. */
  generation: number;
  profile: Profile;
  title: Title | null;
  pictureId: string | null;
  card: Card | null;
  contacts: Contact[];
  registerChannel: RegisterChannel | null;
  registerClientId: string | null;
  /** Its identifier in the system that it was imported from; unique. */
  externalId: string | null;
  createdAt: Date;
  updatedAt: Date;
}

const CARD_PREFIX = '0001';
const CARD_DIGITS = 12;

/** The number printed on a card: `0001`, followed by the card's ID in 12 digits. */
export const cardNumber = ({ id }: Pick<Card, 'id'>): string =>
  `${CARD_PREFIX}${String(id).padStart(CARD_DIGITS, '0')}`;

/** The ID of the card with this number, in any grouping and script; undefined if it is not a card number. */
export function cardIdOf(number: string): number | undefined {
  const digits = ungroupedNumber(number);
  if (!/^0001\d{12}$/.test(digits)) return undefined;
  return Number(digits.slice(CARD_PREFIX.length)) || undefined;
}

/** The contact marked as preferred only takes precedence over contacts of equal trust and verification. */
const rankOf = (contact: Contact): number =>
  (isTrusted(contact) ? 4 : 0) + (contact.verified ? 2 : 0) + (contact.preferred ? 1 : 0);

/**
 * The contacts of an account in the order in which they were added, with the main one of each kind marked as preferred.
 * A verified contact always takes precedence over an unverified one.
 */
export function markPreferred(contacts: readonly Contact[]): Contact[] {
  const main = new Set([mainContact({ contacts }, 'mobile'), mainContact({ contacts }, 'email')]);
  return contacts.map((contact) => ({ ...contact, preferred: main.has(contact) }));
}

/**
 * Whether the reader of a contact is presumed to be the owner of the account. Only such a reader may be shown the
 * account's other contacts, recover the account or sign in with a one-time code.
 */
export const isTrusted = ({ verified, confirmed }: Contact): boolean => verified && confirmed;

/** The contact of a kind that is displayed and used where only one is needed; undefined if there is none. */
export const mainContact = (
  { contacts }: { contacts: readonly Contact[] },
  kind: ContactKind,
): Contact | undefined =>
  contacts
    .filter((contact) => contact.kind === kind)
    .reduce<Contact | undefined>(
      (best, one) => (best && rankOf(best) >= rankOf(one) ? best : one),
      undefined,
    );

/** Absent members remain unchanged. */
export type ProfileChange = Partial<Profile> & { titleId?: number };
