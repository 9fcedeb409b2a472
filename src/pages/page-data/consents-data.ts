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

/** Asks to accept the texts in force, in a sign-in. */
export interface TermsData {
  client: ClientCard;
  texts: readonly { purpose: TextPurpose; version: string; uri: string }[];
  /** No version was accepted before. */
  isNew: boolean;
  action: string;
  cancelAction: string;
  /** Whether the sign-in goes on without it. */
  mayBeLater: boolean;
  csrf: string;
}

type Bilingual = Record<Locale, string>;

export interface AccountConsentsData extends Framed, Pick<Portion<never>, 'more' | 'next'> {
  purposes: readonly (Pick<Purpose, 'purpose' | 'version' | 'title' | 'text'> & { standing: Standing })[];
  /** Given for purposes that are not offered any more. */
  former: readonly string[];
  texts: readonly (CurrentText & { isAccepted: boolean })[];
  records: readonly {
    id: number;
    purpose: string;
    version: string;
    channel: ConsentChannel;
    /** Of a purpose that is offered. */
    title: Bilingual | undefined;
    givenAt: Moment;
    withdrawnAt: Moment | undefined;
  }[];
}
