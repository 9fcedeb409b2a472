/**
 * The paths of the hosted page for a new password; the document of the Self-service API gives the page its own path.
 */
export const RESET_PATHS = ['/reset-password', '/customers/do_reset'] as const;
export const ACTIVATE_PATH = '/activate';

/**
 * Returns a URI with a last path segment: `https://shop.example/reset?from=mail` becomes
 * `https://shop.example/reset/CODE?from=mail`.
 */
export function withSegment(uri: string, segment: string): string {
  const url = new URL(uri);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${segment}`;
  return url.href;
}

/** Returns the URI with more query parameters after its own. */
export function withQuery(uri: string, values: Readonly<Record<string, string>>): string {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(values)) url.searchParams.append(name, value);
  return url.href;
}
