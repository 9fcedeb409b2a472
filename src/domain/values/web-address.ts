const MAX_CHARACTERS = 500;

/**
 * The address of a page in the web, or undefined: an absolute http or https URL of at most 500 characters without user
 * name, password, spaces or invisible characters. It is given to applications as it was written and never fetched.
 */
export function parseWebAddress(input: string): string | undefined {
  const address = input.trim();
  if (address.length > MAX_CHARACTERS || !/^https?:\/\/[^\s\p{C}\\<>"]+$/iu.test(address)) return undefined;
  const url = URL.parse(address);
  return url !== null && url.username === '' && url.password === '' ? address : undefined;
}
