import { isKnown } from './if-none-match.ts';

/** A response that is the same for every caller. */
export interface PreparedAnswer {
  /** A string, which Node.js writes together with the headers. Bytes would be a second buffer. */
  body: string;
  /** The length of the body in bytes. */
  length: number;
  type: string;
  cacheControl: string;
  /** A strong validator (RFC 9110 §8.8.3). */
  etag: string;
}

/**
 * Returns the status and headers for a caller. A 304 response has no body and does not describe one (RFC 9110 §15.4.5).
 */
export function headOf(
  { length, type, cacheControl, etag }: PreparedAnswer,
  ifNoneMatch: string,
): { status: 200 | 304; headers: Record<string, string> } {
  const headers = { 'Cache-Control': cacheControl, ETag: etag };
  if (ifNoneMatch !== '' && isKnown(ifNoneMatch, etag)) return { status: 304, headers };
  return { status: 200, headers: { ...headers, 'Content-Type': type, 'Content-Length': String(length) } };
}
