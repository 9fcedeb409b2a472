import { ungroupedNumber } from '../../lib/typed-text.ts';

/** `pending` is not activated yet; `deleted` keeps the id and nothing of the person. */
export type AccountStatus = 'active' | 'pending' | 'suspended' | 'deleted';

export type RegisterChannel = 'MOBILE' | 'WEB' | 'CALL';

export type ContactKind = 'mobile' | 'email';

/** A mobile (E.164) or an e-mail of an account. */
export interface Contact {
  kind: ContactKind;
  value: string;
  verified: boolean;
  /** False from a recovery through another contact until the person has said that this one is theirs. */
  confirmed: boolean;
  /** Of the one contact of its kind that `mainContact` finds. */
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

/** What a person may say of themselves; null was never given. */
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
  /** Of a row of `locations`. */
  locationId: number | null;
  /** Degrees, east and north are positive. */
  longitude: number | null;
  latitude: number | null;
  /** A picture elsewhere: an https URL, or a path that its app understands. Never fetched. */
  avatar: string | null;
}

/** One account: a person behind every surface. `id` is `sub` in tokens. */
export interface Account {
  id: number;
  status: AccountStatus;
  /** Rises when everything issued to the account must die. */
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

/** The number printed on a card: `0001` and the card's id in 12 digits. */
export const cardNumber = ({ id }: Pick<Card, 'id'>): string =>
  `${CARD_PREFIX}${String(id).padStart(CARD_DIGITS, '0')}`;

/** The id of the card with this number, in any grouping and script, or undefined when it is no card number. */
export function cardIdOf(number: string): number | undefined {
  const digits = ungroupedNumber(number);
  if (!/^0001\d{12}$/.test(digits)) return undefined;
  return Number(digits.slice(CARD_PREFIX.length)) || undefined;
}

/** The contact that was requested comes first among its equals only. */
const rankOf = (contact: Contact): number =>
  (isTrusted(contact) ? 4 : 0) + (contact.verified ? 2 : 0) + (contact.preferred ? 1 : 0);

/**
 * The contacts of an account in the order in which they were added, with the main one of each kind marked as preferred:
 * a verified one always comes before one that is not.
 */
export function markPreferred(contacts: readonly Contact[]): Contact[] {
  const main = new Set([mainContact({ contacts }, 'mobile'), mainContact({ contacts }, 'email')]);
  return contacts.map((contact) => ({ ...contact, preferred: main.has(contact) }));
}

/**
 * Whether anyone who reads a contact is known to be the owner of the account: they may be told about its other
 * contacts, recover the account and sign in by a code.
 */
export const isTrusted = ({ verified, confirmed }: Contact): boolean => verified && confirmed;

/** The one contact of a kind that is shown and used wherever only one is. */
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

/** Members that are absent stay as they are. */
export type ProfileChange = Partial<Profile> & { titleId?: number };
