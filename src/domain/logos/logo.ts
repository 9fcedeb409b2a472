/** A picture that a client registered as its `logo_uri`, byte for byte as its host sent it. */
export interface Logo {
  type: LogoType;
  bytes: Buffer;
}

export type LogoType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'image/svg+xml';

/** The largest file that is shown. Logos are displayed at 64 pixels. */
export const MAX_LOGO_BYTES = 256 * 1024;

/** The number of leading bytes in which the `svg` element must start, after a declaration and comments. */
const SVG_WITHIN = 1024;

const isSvg = (head: string): boolean => /^\uFEFF?\s*</.test(head) && /<svg[\s>]/.test(head);

/**
 * Returns the type of a file by its content, regardless of the `Content-Type` header; undefined for other files than
 * pictures.
 */
export function logoTypeOf(file: Buffer): LogoType | undefined {
  const starts = (...bytes: number[]): boolean => file.subarray(0, bytes.length).equals(Buffer.from(bytes));
  const text = (from: number, to: number): string => file.toString('latin1', from, to);
  // PNG, third edition, §5.2; ITU-T T.81 §B.1.1.3; GIF89a §17; RFC 9649 §2.4
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (starts(0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (/^GIF8[79]a$/.test(text(0, 6))) return 'image/gif';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp';
  return isSvg(file.toString('utf8', 0, SVG_WITHIN)) ? 'image/svg+xml' : undefined;
}
