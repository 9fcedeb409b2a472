import { inLanguage } from '../values/locale.ts';
import { codeOf, type Fact, factsOf, linesOf, type timeWriter, untilIn } from './mail-facts.ts';
import { fill, type MailTexts, oneLine } from './mail-texts.ts';
import type { Locale, NoticeText } from './message.ts';

/** The content of a mail, from which its HTML and its plain text are rendered. */
export interface MailView {
  locale: Locale;
  product: string;
  subject: string;
  preheader: string;
  title: string;
  greeting: string;
  text: string;
  facts: readonly Fact[];
  /** Typed into a page, in place of the link. */
  code?: Fact | undefined;
  /** Empty if there is none. */
  advice: string;
  button?: { label: string; hint: string; link: string };
  /** For programs, which parse them in the plain text. */
  lines: readonly Fact[];
  /** Empty if there is none. */
  note: string;
  footer: readonly string[];
  help?: { label: string; link: string };
}

export interface ViewSettings {
  productName: Readonly<Record<Locale, string>>;
  /** Without a trailing slash. */
  issuer: string;
  supportUri?: string | undefined;
  texts: Readonly<Record<Locale, MailTexts>>;
  writeTime: ReturnType<typeof timeWriter>;
}

/** The target of the button in notices without a link of their own. */
const PAGES: Readonly<Record<string, string>> = {
  'national-id-released': '/account',
  'mobile-released': '/account',
  'contacts-changed': '/account',
  'email-registered': '/account',
  'signed-out-everywhere': '/account/password',
  'mobile-changed': '/forgot-password',
  'mobile-removed': '/forgot-password',
  'password-changed': '/forgot-password',
  'second-factor-changed': '/account/security',
  'passkey-copied': '/account/security',
  'account-unused': '/account',
  'new-sign-in': '/account/sessions',
  'second-factor-recovery': '/account/security',
  'second-factor-recovery-cancelled': '/account/security',
  'second-factor-recovered': '/account/security',
  'code-second_factor': '/account/password',
  'code-remove_second_factor': '/account/password',
  'sign-in-linked': '/account/linked',
};

/** A name that can be used in a greeting. Long names and names that contain an address are excluded. */
const GREETED = /^[^.:/@\d]{1,40}$/u;

const isWebAddress = (link: string | undefined): link is string => /^https?:\/\/\S+$/.test(link ?? '');

/**
 * Returns the content of a mail. Throws when the notice has no mail, or when a value that its texts name is missing.
 */
export function mailView(notice: NoticeText, settings: ViewSettings): MailView {
  const { kind, locale, values, owner } = notice;
  const texts = inLanguage(settings.texts, locale);
  const mail = Object.hasOwn(texts.notices, kind) ? texts.notices[kind]?.mail : undefined;
  if (!mail) throw new Error(`no mail for ${kind} in ${locale}`);
  const product = inLanguage(settings.productName, locale);
  const all = { ...values, ...untilIn(values, (at) => settings.writeTime(at, locale)), product };
  const written = (sentence: string): string => fill(sentence, all, kind);

  const reader = owner ? 'owner' : 'other';
  const name = oneLine(owner?.firstName ?? '').trim();
  const page = PAGES[kind];
  const link = values.link ?? (page && settings.issuer + page);
  const { supportUri } = settings;
  return {
    locale,
    product,
    subject: written(mail.subject),
    preheader: written(mail.preheader),
    title: written(mail.title),
    greeting: GREETED.test(name) ? fill(texts.greeting.owner, { name }, kind) : texts.greeting.other,
    text: written(mail.text),
    facts: factsOf(notice, texts, settings.writeTime),
    code: codeOf(notice, texts),
    advice: written(mail.advice ?? ''),
    ...(isWebAddress(link) && { button: { label: written(mail.button), hint: texts.link, link } }),
    lines: linesOf(notice),
    note: written(mail.note ?? ''),
    footer: [written(texts.footer[reader]), written(texts.footer.sender)],
    ...(supportUri && { help: { label: texts.footer.help, link: supportUri } }),
  };
}
