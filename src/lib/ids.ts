import { randomBytes } from 'node:crypto';

/** A random value of `bits` bits (a multiple of 8) in base64url, from the system's random number generator. */
export const randomToken = (bits = 256): string => randomBytes(bits / 8).toString('base64url');

/** Like `randomToken`, in lower-case hexadecimal. Defaults to 128 bits. */
export const randomHex = (bits = 128): string => randomBytes(bits / 8).toString('hex');
