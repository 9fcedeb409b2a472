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

/** Every page in every state, every mail, and every SMS; a new one is here as soon as it has its sample. */
export function galleryEntries({ renderer, templates }: Deps): readonly Entry[] {
  const pages = (Object.keys(samples) as PageName[]).filter((name) => !GALLERY.has(name)).sort();
  const mails = Object.entries(mailSamples).map(([kind, values]) => ({
    name: `mails/${kind}`,
    states: [(locale: Locale) => templates.mail({ kind, locale, values }).html],
  }));
  const sms = Object.entries(smsSamples).map(([kind, values]) => ({
    name: `sms/${kind}`,
    states: [
      (locale: Locale) => {
        const { text } = templates.sms({ kind, locale, values });
        return renderer.render('developer/gallery-sms', locale, { text }, {});
      },
    ],
  }));
  return [...pages.map((name) => pageEntry(renderer, name)), ...mails, ...sms];
}
