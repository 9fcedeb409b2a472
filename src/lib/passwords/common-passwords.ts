import { createRequire } from 'node:module';

let list: ReadonlySet<string> | undefined;

/**
 * Loads the list at first use: unpacking some 49,000 passwords takes tens of milliseconds, and a policy may never need
 * it.
 */
const load = (): ReadonlySet<string> => {
  const require = createRequire(import.meta.url);
  const { dictionary }: typeof import('@zxcvbn-ts/language-common') = require('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common']);
};

/** Whether the password is among those most often seen in breaches, ignoring case. */
export function isCommonPassword(password: string): boolean {
  list ??= load();
  return list.has(password.toLowerCase());
}
