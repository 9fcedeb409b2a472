import { hash } from 'node:crypto';

/** The SHA-256 digest of a text or of bytes: 32 bytes. */
export const sha256 = (content: string | Uint8Array): Buffer => hash('sha256', content, 'buffer');
