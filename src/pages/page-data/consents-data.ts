import type {
  ConsentChannel,
  CurrentText,
  Purpose,
  Standing,
  TextPurpose,
} from '../../domain/consent-records/consent-record.ts';
import type { Locale } from '../../domain/values/locale.ts';
import type { ClientCard, Framed } from './form.ts';
import type { Moment } from './moment.ts';
import type { Portion } from './portion.ts';

/** Asks the person to accept the texts in force, during a sign-in. */
export interface TermsData {
  client: ClientCard;
  texts: readonly { purpose: TextPurpose; version: string; uri: string }[];
  /** True if no version was accepted before. */
  isNew: boolean;
  action: string;
  cancelAction: string;
  /** Whether the sign-in can continue without acceptance. */
  mayBeLater: boolean;
  csrf: string;
}

type Bilingual = Record<Locale, string>;

export interface AccountConsentsData extends Framed, Pick<Portion<never>, 'more' | 'next'> {
  purposes: readonly (Pick<Purpose, 'purpose' | 'version' | 'title' | 'text'> & { standing: Standing })[];
  /** The purposes that have an open consent and are no longer offered. */
  former: readonly string[];
  texts: readonly (CurrentText & { isAccepted: boolean })[];
  records: readonly {
    id: number;
    purpose: string;
    version: string;
    channel: ConsentChannel;
    /** The title of a purpose that is still offered. */
    title: Bilingual | undefined;
    givenAt: Moment;
    withdrawnAt: Moment | undefined;
  }[];
}
