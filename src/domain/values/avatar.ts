const MAX_CHARACTERS = 500;
/**
 * RFC 3986 §3.3 without the characters that only a URL or a script needs. Empty segments are excluded, so that a path
 * cannot name another host.
 */
const PATH = /^\/?(?:[\w.~-]|%[\da-f]{2})+(?:\/(?:[\w.~-]|%[\da-f]{2})+)*$/i;

function isHttpsUrl(text: string): boolean {
  const url = text.startsWith('https://') ? URL.parse(text) : null;
  return url !== null && url.username === '' && url.password === '' && /^[\x21-\x7e]+$/.test(text);
}

const isPath = (text: string): boolean => PATH.test(text) && !text.split('/').includes('..');

/**
 * Parses the location of a picture: an https URL or a path; undefined for other text. Apps receive it; it is never
 * fetched.
 */
export function parseAvatar(input: string): string | undefined {
  const avatar = input.trim();
  if (avatar.length > MAX_CHARACTERS) return undefined;
  return isHttpsUrl(avatar) || isPath(avatar) ? avatar : undefined;
}
