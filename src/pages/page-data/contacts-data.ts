import type { Locale } from '../../domain/values/locale.ts';
import type { ClientCard } from './form.ts';

/** Asks which contacts are the person's own, after a recovery through another contact. */
export interface ContactsData {
  client: ClientCard;
  contacts: readonly {
    kind: 'mobile' | 'email';
    /** As stored. */
    value: string;
    /** In the format in which people write it. */
    shown: string;
    /** The day on which the contact was added, in the format of each language. */
    addedOn: Record<Locale, string>;
    /** Second-factor codes are sent to contacts of this kind. Without such a contact, that factor is not requested. */
    isSecondFactor: boolean;
  }[];
  action: string;
  csrf: string;
}
