import type { Config } from '../config/config.ts';
import { TEXT_PURPOSES } from '../domain/consent-records/consent-record.ts';
import type { ConsentRecordsDeps } from '../domain/consent-records/consent-records.ts';

/**
 * The texts and purposes from the configuration. Omits purposes that only cover lookups when lookups need no consent.
 */
export const consentSettings = ({
  pages,
  consents,
  partners,
}: Pick<Config, 'pages' | 'consents' | 'partners'>): Pick<ConsentRecordsDeps, 'texts' | 'purposes'> => ({
  texts: TEXT_PURPOSES.flatMap((purpose) => {
    const text = pages[purpose];
    return text ? [{ purpose, ...text }] : [];
  }),
  purposes: consents.purposes.filter(
    ({ covers }) => partners.needConsent || covers.some((one) => one !== 'partners') || covers.length === 0,
  ),
});
