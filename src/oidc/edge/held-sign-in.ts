/**
 * The members of an interaction's result that store a sign-in between its pages, invisible to the browser: the
 * completed factors, and the browser in which they were completed.
 */
export const STATE = 'sign_in';
export const BROWSER = 'browser';

interface Result {
  login?: { accountId?: unknown };
  [STATE]?: { accountId?: unknown };
  [BROWSER]?: unknown;
}

/** Returns the account that has been authenticated in an interaction so far, or undefined. */
export function provedAccount(result: unknown): string | undefined {
  const { login, [STATE]: state } = (result ?? {}) as Result;
  const accountId = login?.accountId ?? state?.accountId;
  return accountId === undefined ? undefined : String(accountId);
}

/**
 * Returns whether a sign-in may continue in this browser. The cookies of an interaction have a path, which `__Host-`
 * forbids, so another host of the domain can plant its own in a browser. The value that identifies a browser has that
 * prefix.
 */
export function isOfBrowser(result: unknown, browser: string | undefined): boolean {
  const { [BROWSER]: provedIn } = (result ?? {}) as Result;
  return provedIn === undefined || provedIn === browser;
}
