import type { Locale } from '../../domain/values/locale.ts';
import type { ClientCard } from '../page-data/page-data.ts';
import type { LogoPath } from './logos.ts';

/**
 * Returns a registered address if it is safe to link to: absolute http or https, without credentials. Other schemes
 * (`javascript:`, `data:`, app schemes) could run code or mislead.
 */
export function webUri(value: string | undefined): string | undefined {
  const url = value === undefined ? null : URL.parse(value);
  const isWeb = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return isWeb ? url.href : undefined;
}

/** Like `webUri`, but for pictures, which are never fetched over plain http. */
export function imageUri(value: string | undefined): string | undefined {
  const uri = webUri(value);
  return uri?.startsWith('https:') ? uri : undefined;
}

const LONGEST_NAME = 80;

/**
 * A client's name without bidirectional control characters, which could rearrange the sentences of the page. The
 * length is limited so that a long name cannot hide them.
 */
export function shownName(name: string): string {
  const characters = [...name.replace(/\p{Bidi_Control}/gu, '').trim()];
  return characters.length <= LONGEST_NAME
    ? characters.join('')
    : `${characters.slice(0, LONGEST_NAME).join('')}…`;
}

/**
 * The displayed details of a client, in the language of the page where the registration has it. The picture comes
 * from `pathOf` of this server, not from the client's host.
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

/** The letter that represents a name without a picture. Skips a Thai vowel that is written before its consonant. */
export const initial = (name: string): string =>
  (name.match(/(?![\u0e40-\u0e44])[\p{L}\p{N}]/u)?.[0] ?? '?').toUpperCase();
