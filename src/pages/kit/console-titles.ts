import type { Locale } from '../../domain/values/locale.ts';
import type { ConsoleOtherData, ConsolePageData } from '../page-data/console-data.ts';
import type { ErrorData } from '../page-data/page-data.ts';
import { errorWords } from './error-words.ts';
import { catalogueText } from './form-error-text.ts';
import type { Translate } from './translations.ts';

type Data = ConsolePageData & ConsoleOtherData;
type Titles = {
  readonly [Page in keyof Data]: (data: Data[Page], t: Translate) => string;
};

type Failure = Pick<ErrorData, 'code' | 'status' | 'error'>;

/**
 * The code of a failure that is explained to operators with the catalogue's text, because it concerns what they
 * entered. Undefined for a failure for which the pages have a text of their own.
 */
const codeToTell = ({ code, status }: Failure, t: Translate): Failure['code'] =>
  code === undefined || status >= 500 || status === 429 || t.has(`error.${code.toLowerCase()}.title`)
    ? undefined
    : code;

/** The explanation of a failure in the console. */
export function consoleErrorText(failure: Failure, locale: Locale, t: Translate): string {
  const code = codeToTell(failure, t);
  return code === undefined ? t(`${errorWords(failure, t)}.text`) : catalogueText(code, locale, t);
}

const accountTitle =
  (part: string) =>
  ({ shownName }: { shownName: string }, t: Translate): string =>
    `${shownName} – ${t(`console.account.${part}`)}`;

/** The headings of the console's pages. */
export const CONSOLE_TITLES: Titles = {
  'console/today': (_, t) => t('console.today.title'),
  'console/accounts': (_, t) => t('console.accounts.title'),
  'console/account': ({ shownName }) => shownName,
  'console/account-contacts': accountTitle('contacts'),
  'console/account-profile': accountTitle('profile'),
  'console/account-sessions': accountTitle('sessions'),
  'console/account-applications': accountTitle('applications'),
  'console/account-consents': accountTitle('consents'),
  'console/account-lookups': accountTitle('lookups'),
  'console/account-roles': accountTitle('roles'),
  'console/account-actions': accountTitle('actions'),
  'console/accounts-new': (_, t) => t('console.new_account.title'),
  'console/accounts-import': (_, t) => t('console.import.title'),
  'console/accounts-imported': ({ summary }, t) =>
    t(summary.dry_run ? 'console.import.checked' : 'console.import.done'),
  'console/clients': (_, t) => t('console.clients.title'),
  'console/clients-new': (_, t) => t('console.clients.new'),
  'console/clients-secrets': ({ id }, t) => t('console.clients.secrets_title', { client: id }),
  'console/client': ({ clientName }) => clientName,
  'console/partners': (_, t) => t('console.partners.title'),
  'console/upstream': (_, t) => t('console.upstream.title'),
  'console/upstream-new': (_, t) => t('console.upstream.new'),
  'console/upstream-provider': ({ id }, t) => t('console.upstream.provider', { provider: id }),
  'console/webhooks': (_, t) => t('console.webhooks.title'),
  'console/webhooks-new': (_, t) => t('console.webhooks.new'),
  'console/webhooks-secret': (_, t) => t('console.webhooks.secret_title'),
  'console/webhook': ({ url }, t) => t('console.webhooks.one', { host: new URL(url).host }),
  'console/audit': (_, t) => t('console.audit.title'),
  'console/trace': (_, t) => t('console.trace.title'),
  'console/receipts': (_, t) => t('console.receipts.title'),
  'console/messages': (_, t) => t('console.messages.title'),
  'console/settings': (_, t) => t('console.settings.title'),
  'console/operator': ({ name }) => name,
  'console/operators': (_, t) => t('console.operators.title'),
  'console/error': (failure, t) =>
    t(codeToTell(failure, t) === undefined ? `${errorWords(failure, t)}.title` : 'console.error.title'),
  'console/refused': ({ why }, t) => t(`console.refused.${why}.title`),
};
