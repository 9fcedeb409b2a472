const MAX_CHARACTERS = 500;

/**
 * Parses the address of a web page: an absolute http or https URL of at most 500 characters without user name,
 * password, spaces or invisible characters. Returns undefined for other text. Applications receive it as written; it is
 * never fetched.
 */
export function parseWebAddress(input: string): string | undefined {
  const address = input.trim();
  if (address.length > MAX_CHARACTERS || !/^https?:\/\/[^\s\p{C}\\<>"]+$/iu.test(address)) return undefined;
  const url = URL.parse(address);
  return url !== null && url.username === '' && url.password === '' ? address : undefined;
}
