import { hash } from 'node:crypto';

/** The SHA-256 digest of a text: 32 bytes. */
export const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer');
