import type { Locale } from '../../domain/values/locale.ts';
import type { ClientCard } from './form.ts';

/** Asks which contacts are the person's own, after a recovery through another one. */
export interface ContactsData {
  client: ClientCard;
  contacts: readonly {
    kind: 'mobile' | 'email';
    /** As stored. */
    value: string;
    /** As people write it. */
    shown: string;
    /** The day on which it was added, as each language writes it. */
    addedOn: Record<Locale, string>;
    /** Codes for the second step go to contacts of this kind: without one they end. */
    isSecondFactor: boolean;
  }[];
  action: string;
  csrf: string;
}
