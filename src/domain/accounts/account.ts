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
  /** Rises when everything the account gave out must die. */
  generation: number;
  profile: Profile;
  title: Title | null;
  pictureId: string | null;
  card: Card | null;
  contacts: Contact[];
  registerChannel: RegisterChannel | null;
  registerClientId: string | null;
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

/** The contact to show for a kind: the preferred one, then a verified one, then the first that was added. */
export function mainContact(account: Account, kind: ContactKind): Contact | undefined {
  const contacts = account.contacts.filter((contact) => contact.kind === kind);
  return (
    contacts.find((contact) => contact.preferred) ??
    contacts.find((contact) => contact.verified) ??
    contacts[0]
  );
}
