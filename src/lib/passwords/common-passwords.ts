import { createRequire } from 'node:module';

let list: ReadonlySet<string> | undefined;

/** Read at first use: unpacking some 49,000 passwords takes tens of milliseconds and a policy may never ask. */
const load = (): ReadonlySet<string> => {
  const require = createRequire(import.meta.url);
  const { dictionary }: typeof import('@zxcvbn-ts/language-common') = require('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common']);
};

/** Whether the password is among those seen most often in breaches, without regard to case. */
export function isCommonPassword(password: string): boolean {
  list ??= load();
  return list.has(password.toLowerCase());
}
