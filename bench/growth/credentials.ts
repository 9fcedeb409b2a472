import { createHmac } from 'node:crypto';
import { keyring } from '../../src/lib/keyring.ts';
import { mobileOf } from '../accounts.ts';

/** The beginnings of values that filled rows were made for; with the number, as long as those of the server. */
const BEGINNINGS = {
  RefreshToken: 'growth-refresh-',
  AccessToken: 'growth-access--',
  Grant: 'growth-grant---',
  Session: 'growth-session-',
  uid: 'growth-uid-----',
} as const;
const DIGITS = 28;

export type FilledValue = keyof typeof BEGINNINGS;

/** The value that the account with this id holds. */
export const heldValue = (kind: FilledValue, accountId: number): string =>
  BEGINNINGS[kind] + String(accountId).padStart(DIGITS, '0');

/** The same in SQL, where `id` is an expression. */
export const valueInSql = (kind: FilledValue, id: string): string =>
  `('${BEGINNINGS[kind]}' || lpad(${id}::text, ${DIGITS}, '0'))`;

/** What every filled account signs in with. */
export const PASSWORD = 'growth-of-a-deployment';

/** What is typed for the account: ids begin at 1, numbers of filled accounts at 0. */
export const loginOf = (accountId: number): string => mobileOf(accountId - 1).replace(/^\+66/, '0');

/** The cookies of a browser with the session of a filled account, signed as the server signs them. */
export function cookiesFor(secretKey: string): (accountId: number) => Record<string, string> {
  const [key = Buffer.alloc(0)] = keyring([Buffer.from(secretKey, 'base64')]).derive('cookies');
  return (accountId) => {
    const cookie = `sid=${heldValue('Session', accountId)}`;
    const signature = createHmac('sha1', key.toString('base64')).update(cookie).digest('base64url');
    return { cookie: `${cookie}; sid.sig=${signature}` };
  };
}
