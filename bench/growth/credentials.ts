import { createHmac } from 'node:crypto';
import { keyring } from '../../src/lib/keyring.ts';
import { mobileOf } from '../accounts.ts';

/** The prefixes of the values for filled rows. With the account's number, they are as long as values of the server. */
const BEGINNINGS = {
  RefreshToken: 'growth-refresh-',
  AccessToken: 'growth-access--',
  Grant: 'growth-grant---',
  Session: 'growth-session-',
  uid: 'growth-uid-----',
} as const;
const DIGITS = 28;

export type FilledValue = keyof typeof BEGINNINGS;

/** Returns the value that belongs to the account with this ID. */
export const heldValue = (kind: FilledValue, accountId: number): string =>
  BEGINNINGS[kind] + String(accountId).padStart(DIGITS, '0');

/** The same as an SQL expression, where `id` is an expression. */
export const valueInSql = (kind: FilledValue, id: string): string =>
  `('${BEGINNINGS[kind]}' || lpad(${id}::text, ${DIGITS}, '0'))`;

/** The password of every filled account. */
export const PASSWORD = 'growth-of-a-deployment';

/** Returns the login of an account. IDs begin at 1, indexes of filled accounts at 0. */
export const loginOf = (accountId: number): string => mobileOf(accountId - 1).replace(/^\+66/, '0');

/** Returns the cookies of a browser with the session of a filled account, signed like those of the server. */
export function cookiesFor(secretKey: string): (accountId: number) => Record<string, string> {
  const [key = Buffer.alloc(0)] = keyring([Buffer.from(secretKey, 'base64')]).derive('cookies');
  return (accountId) => {
    const cookie = `sid=${heldValue('Session', accountId)}`;
    const signature = createHmac('sha1', key.toString('base64')).update(cookie).digest('base64url');
    return { cookie: `${cookie}; sid.sig=${signature}` };
  };
}
