import type { ConsoleOtherData, ConsolePageData } from '../page-data/console-data.ts';
import type { Translate } from './translations.ts';

type Data = ConsolePageData & ConsoleOtherData;
type Titles = {
  readonly [Page in Exclude<keyof Data, 'console/error'>]: (data: Data[Page], t: Translate) => string;
};

/** The headings of the console's pages. */
export const CONSOLE_TITLES: Titles = {
  'console/today': (_, t) => t('console.today.title'),
  'console/accounts': (_, t) => t('console.accounts.title'),
  'console/account': ({ shownName }) => shownName,
  'console/accounts-import': (_, t) => t('console.import.title'),
  'console/accounts-imported': ({ summary }, t) =>
    t(summary.dry_run ? 'console.import.checked' : 'console.import.done'),
  'console/clients': (_, t) => t('console.clients.title'),
  'console/clients-new': (_, t) => t('console.clients.new'),
  'console/clients-secrets': ({ id }, t) => t('console.clients.secrets_title', { client: id }),
  'console/client': ({ clientName }) => clientName,
  'console/partners': (_, t) => t('console.partners.title'),
  'console/audit': (_, t) => t('console.audit.title'),
  'console/trace': (_, t) => t('console.trace.title'),
  'console/messages': (_, t) => t('console.messages.title'),
  'console/settings': (_, t) => t('console.settings.title'),
  'console/operators': (_, t) => t('console.operators.title'),
  'console/refused': ({ why }, t) => t(`console.refused.${why}.title`),
};
