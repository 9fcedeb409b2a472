import type { Templates } from '../../domain/messages/templates.ts';
import type { Locale } from '../../domain/values/locale.ts';
import type { PageRenderer } from '../kit/render.ts';
import type { PageName } from '../page-data/page-data.ts';
import { mailSamples, smsSamples } from './samples/message-samples.ts';
import { samples } from './samples/samples.ts';

/** Draws one state of something that people see, as a whole HTML document. */
export type Draw = (locale: Locale) => string;

export interface Entry {
  /** `account/overview`, `mails/password-changed`, `sms/welcome`. */
  name: string;
  states: readonly Draw[];
}

interface Deps {
  renderer: PageRenderer;
  templates: Templates;
}

const GALLERY: ReadonlySet<string> = new Set(['developer/gallery', 'developer/gallery-entry']);
const LANGUAGE_LINKS = { th: '?lang=th', en: '?lang=en' };

/** The sample data of all states of a page, whose types only the renderer needs to know. */
const pageEntry = (renderer: PageRenderer, name: PageName): Entry => ({
  name,
  states: samples[name].map(
    (data) => (locale) => renderer.render(name, locale, data as never, { languageLinks: LANGUAGE_LINKS }),
  ),
});

/**
 * Every page in every state, every mail as HTML and then as plain text, and every SMS; a new one is here as soon as it
 * has its sample.
 */
export function galleryEntries({ renderer, templates }: Deps): readonly Entry[] {
  const pages = (Object.keys(samples) as PageName[]).filter((name) => !GALLERY.has(name)).sort();
  const plain = (text: string, locale: Locale): string =>
    renderer.render('developer/gallery-text', locale, { text }, {});
  const mails = Object.entries(mailSamples).map(([kind, mailStates]) => ({
    name: `mails/${kind}`,
    states: mailStates.flatMap((state) => [
      (locale: Locale) => templates.mail({ ...state, kind, locale }).html,
      (locale: Locale) => plain(templates.mail({ ...state, kind, locale }).text, locale),
    ]),
  }));
  const sms = Object.entries(smsSamples).map(([kind, values]) => ({
    name: `sms/${kind}`,
    states: [(locale: Locale) => plain(templates.sms({ kind, locale, values }).text, locale)],
  }));
  return [...pages.map((name) => pageEntry(renderer, name)), ...mails, ...sms];
}
