import type { ClientCard } from './page-data.ts';

/**
 * A registered address that is safe to link to, or none: absolute http or https, without a user name. Others
 * (`javascript:`, `data:`, app schemes) could run code or mislead.
 */
export function webUri(value: string | undefined): string | undefined {
  const url = value === undefined ? null : URL.parse(value);
  const isWeb = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return isWeb ? url.href : undefined;
}

/** As `webUri`, for pictures: the pages' content security policy loads none over plain http. */
export function imageUri(value: string | undefined): string | undefined {
  const uri = webUri(value);
  return uri?.startsWith('https:') ? uri : undefined;
}

/**
 * What of a client is shown. Its name loses the characters that turn the direction of writing, with which a
 * client could rearrange our sentences around it.
 */
export const safeClient = (client: ClientCard): ClientCard => ({
  name: client.name.replace(/\p{Bidi_Control}/gu, '').trim(),
  logoUri: imageUri(client.logoUri),
  policyUri: webUri(client.policyUri),
  tosUri: webUri(client.tosUri),
});

/** The letter that stands for a name without a picture; a Thai vowel written before its consonant is passed over. */
export const initial = (name: string): string =>
  (name.match(/(?![เแโใไ])[\p{L}\p{N}]/u)?.[0] ?? '?').toUpperCase();
