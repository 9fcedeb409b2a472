import { isKnown } from './if-none-match.ts';

/** An answer that is the same for every caller. */
export interface PreparedAnswer {
  /** Text, which Node writes together with the headers; bytes would be a second buffer. */
  body: string;
  /** Bytes of the body. */
  length: number;
  type: string;
  cacheControl: string;
  /** A strong validator (RFC 9110 §8.8.3). */
  etag: string;
}

/** Status and headers for a caller; 304 has no body and tells nothing of one (RFC 9110 §15.4.5). */
export function headOf(
  { length, type, cacheControl, etag }: PreparedAnswer,
  ifNoneMatch: string,
): { status: 200 | 304; headers: Record<string, string> } {
  const headers = { 'Cache-Control': cacheControl, ETag: etag };
  if (ifNoneMatch !== '' && isKnown(ifNoneMatch, etag)) return { status: 304, headers };
  return { status: 200, headers: { ...headers, 'Content-Type': type, 'Content-Length': String(length) } };
}
