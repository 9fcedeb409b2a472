/** Where the hosted page for a new password is; the document of the Self-service API has it under a name of its own. */
export const RESET_PATHS = ['/reset-password', '/customers/do_reset'] as const;
export const ACTIVATE_PATH = '/activate';

/** `https://shop.example/reset?from=mail` with a last path segment: `https://shop.example/reset/CODE?from=mail`. */
export function withSegment(uri: string, segment: string): string {
  const url = new URL(uri);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${segment}`;
  return url.href;
}

/** The URI with more query parameters after its own. */
export function withQuery(uri: string, values: Readonly<Record<string, string>>): string {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(values)) url.searchParams.append(name, value);
  return url.href;
}
