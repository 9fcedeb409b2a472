import type { Locale } from '../values/locale.ts';

/** The surfaces on which a consent is given or withdrawn. */
export type ConsentChannel = 'pages' | 'customers' | 'self-service' | 'keys' | 'admin' | 'import';

/** The texts that everybody accepts who registers; each of them is a purpose of its own. */
export const TEXT_PURPOSES = ['terms', 'privacy'] as const;

export type TextPurpose = (typeof TEXT_PURPOSES)[number];

/** A text as it is in force: `pages.terms`, `pages.privacy`. */
export interface CurrentText {
  purpose: TextPurpose;
  version: string;
  uri: string;
}

/** What a consent allows besides the purpose itself, and what ends with it. */
export const COVERED = ['subscriptions', 'partners'] as const;

export type Covered = (typeof COVERED)[number];

/** Something that people may allow, and take back: one of the setting `consents.purposes`. */
export interface Purpose {
  purpose: string;
  version: string;
  title: Record<Locale, string>;
  text: Record<Locale, string>;
  covers: readonly Covered[];
}

/** One consent: what was shown, where it was given, and withdrawn. Never changed but by its withdrawal. */
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
 * How a purpose stands with an account. `outdated`: it was given for an earlier version of the text, which does not
 * count for this one.
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
