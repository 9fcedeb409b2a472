import type { Locale } from '../values/locale.ts';

/** The interfaces through which a consent is given or withdrawn. */
export type ConsentChannel = 'pages' | 'customers' | 'self-service' | 'keys' | 'admin' | 'import';

/** The texts that every person accepts on registration. Each is a purpose of its own. */
export const TEXT_PURPOSES = ['terms', 'privacy'] as const;

export type TextPurpose = (typeof TEXT_PURPOSES)[number];

/** A text that is in force: `pages.terms`, `pages.privacy`. */
export interface CurrentText {
  purpose: TextPurpose;
  version: string;
  uri: string;
}

/** The permissions that a consent can include in addition to its purpose, and that end with it. */
export const COVERED = ['subscriptions', 'partners'] as const;

export type Covered = (typeof COVERED)[number];

/** A purpose to which people can give and withdraw their consent: an entry of the setting `consents.purposes`. */
export interface Purpose {
  purpose: string;
  version: string;
  title: Record<Locale, string>;
  text: Record<Locale, string>;
  covers: readonly Covered[];
}

/** One consent: the text that was shown, and where it was given and withdrawn. Only its withdrawal changes it. */
export interface ConsentRecord {
  id: number;
  purpose: string;
  version: string;
  language: Locale;
  channel: ConsentChannel;
  clientId: string | null;
  givenAt: Date;
  withdrawnAt: Date | null;
  withdrawnChannel: ConsentChannel | null;
}

export const isTextPurpose = (purpose: string): purpose is TextPurpose =>
  (TEXT_PURPOSES as readonly string[]).includes(purpose);

export const isOpen = ({ withdrawnAt }: Pick<ConsentRecord, 'withdrawnAt'>): boolean => withdrawnAt === null;

/**
 * The state of a purpose for an account. `outdated`: consent was given for an earlier version of the text, and does not
 * apply to the current one.
 */
export type Standing = 'given' | 'outdated' | 'not_given';

export function standingOf(
  { purpose, version }: Pick<Purpose, 'purpose' | 'version'>,
  records: readonly ConsentRecord[],
): Standing {
  const open = records.filter((record) => record.purpose === purpose && isOpen(record));
  if (open.some((record) => record.version === version)) return 'given';
  return open.length > 0 ? 'outdated' : 'not_given';
}
