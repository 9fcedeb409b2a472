import type { Locale } from '../../domain/values/locale.ts';
import type { ClientCard } from '../page-data/page-data.ts';
import type { LogoPath } from './logos.ts';

/**
 * A registered address that is safe to link to, or none: absolute http or https, without a user name. Others
 * (`javascript:`, `data:`, app schemes) could run code or mislead.
 */
export function webUri(value: string | undefined): string | undefined {
  const url = value === undefined ? null : URL.parse(value);
  const isWeb = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return isWeb ? url.href : undefined;
}

/** As `webUri`, for pictures: none is fetched over plain http. */
export function imageUri(value: string | undefined): string | undefined {
  const uri = webUri(value);
  return uri?.startsWith('https:') ? uri : undefined;
}

const LONGEST_NAME = 80;

/**
 * A client's name without the characters that turn the direction of writing, with which it could rearrange our
 * sentences, and not so long that it hides them.
 */
export function shownName(name: string): string {
  const characters = [...name.replace(/\p{Bidi_Control}/gu, '').trim()];
  return characters.length <= LONGEST_NAME
    ? characters.join('')
    : `${characters.slice(0, LONGEST_NAME).join('')}…`;
}

/**
 * What of a client is shown, in the language of the page where its registration has it. Its picture comes from `pathOf`
 * of this server, not from the client's host.
 */
export function safeClient(
  { inLocale = {}, ...card }: ClientCard,
  pathOf: LogoPath,
  locale: Locale,
): ClientCard {
  const client: ClientCard = { ...card, ...inLocale[locale] };
  const logoUri = imageUri(client.logoUri);
  return {
    name: shownName(client.name),
    logoUri: logoUri && pathOf(logoUri),
    policyUri: webUri(client.policyUri),
    tosUri: webUri(client.tosUri),
    isUnverified: client.isUnverified,
  };
}

/** The letter that stands for a name without a picture; a Thai vowel written before its consonant is passed over. */
export const initial = (name: string): string =>
  (name.match(/(?![\u0e40-\u0e44])[\p{L}\p{N}]/u)?.[0] ?? '?').toUpperCase();
