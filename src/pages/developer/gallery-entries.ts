import type { Templates } from '../../domain/messages/templates.ts';
import type { Locale } from '../../domain/values/locale.ts';
import type { PageRenderer } from '../kit/render.ts';
import type { PageName } from '../page-data/page-data.ts';
import { SAMPLE_PICTURE_ID } from './samples/account-profile-samples.ts';
import { mailSamples, smsSamples } from './samples/message-samples.ts';
import { samples } from './samples/samples.ts';

/** Renders one state of a page or message as a whole HTML document. */
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
/** Replaces the picture that the samples name, which has never been uploaded. */
const PICTURE = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" fill="#7aa5a1"/><circle cx="48" cy="38" r="16" fill="#eef1f4"/><path d="M16 96c2-24 14-34 32-34s30 10 32 34z" fill="#eef1f4"/></svg>',
)}`;
/** Replaces the logos that the samples name, which no host serves. */
const LOGO = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="#8a4b2a"/><path d="M18 26h26v12a10 10 0 0 1-10 10h-6a10 10 0 0 1-10-10zM44 29h4a5 5 0 0 1 0 10h-4M26 14v6M34 14v6" fill="none" stroke="#fff" stroke-width="3"/></svg>',
)}`;

const languageLinks = ({ locales }: PageRenderer) =>
  Object.fromEntries(locales.map((locale) => [locale, `?lang=${locale}`])) as Record<Locale, string>;

/** The sample data of all states of a page. Only the renderer needs to know its types. */
const pageEntry = (renderer: PageRenderer, name: PageName): Entry => ({
  name,
  states: samples[name].map(
    (data) => (locale) =>
      renderer
        .render(name, locale, data as never, { languageLinks: languageLinks(renderer) })
        .replaceAll(`/pictures/${SAMPLE_PICTURE_ID}`, PICTURE)
        // no third-party resource is loaded here
        .replaceAll(/<script src="https:[^<]*<\/script>/g, '')
        .replaceAll(/(?<=<img src=")\/logos\/[^"]+/g, LOGO),
  ),
});

/**
 * Every page in every state, every mail as HTML and then as plain text, and every SMS. A new one is included as soon
 * as it has a sample.
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
