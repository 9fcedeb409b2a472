/**
 * What an interaction keeps of a sign-in between its pages, in its result, which no browser sees: the factors that are
 * complete, and the browser that they were proved in.
 */
export const STATE = 'sign_in';
export const BROWSER = 'browser';

interface Result {
  login?: { accountId?: unknown };
  [STATE]?: { accountId?: unknown };
  [BROWSER]?: unknown;
}

/** The account that has proved itself in an interaction so far; undefined while none has. */
export function provedAccount(result: unknown): string | undefined {
  const { login, [STATE]: state } = (result ?? {}) as Result;
  const accountId = login?.accountId ?? state?.accountId;
  return accountId === undefined ? undefined : String(accountId);
}

/**
 * Whether a sign-in may go on in this browser. The cookies of an interaction have a path, which `__Host-` forbids, so
 * that another host of the domain can plant its own in a browser. The value that identifies a browser has that prefix.
 */
export function isOfBrowser(result: unknown, browser: string | undefined): boolean {
  const { [BROWSER]: provedIn } = (result ?? {}) as Result;
  return provedIn === undefined || provedIn === browser;
}
