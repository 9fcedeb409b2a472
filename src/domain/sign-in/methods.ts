import type { Db } from '../../db/database.ts';
import type { Account } from '../accounts/account.ts';
import type { AuthenticationMethod } from '../authenticators/authenticator.ts';
import { facebookMethod } from '../authenticators/facebook/method.ts';
import { passwordMethod } from '../authenticators/password/method.ts';
import { smsCodeMethod } from '../authenticators/sms-code/method.ts';
import type { Channels } from '../messages/channels.ts';

/**
 * Every authentication method, in the order in which pages offer them: a new method is one folder and one line here.
 */
const METHODS = [passwordMethod, smsCodeMethod, facebookMethod] as const;

export type MethodName = (typeof METHODS)[number]['name'];

const BY_NAME: Readonly<Record<string, AuthenticationMethod>> = Object.fromEntries(
  METHODS.map((method) => [method.name, method]),
);

/** Throws for a name that is not in the list, which only a record of another version could hold. */
export function methodOf(name: MethodName): AuthenticationMethod {
  const method = BY_NAME[name];
  if (!method) throw new Error(`unknown authentication method ${name}`);
  return method;
}

const onPages: readonly AuthenticationMethod[] = METHODS.filter(({ page }) => page !== undefined);

/** The methods that the sign-in pages of a deployment with these channels offer. */
export const offeredMethods = (channels: Channels): readonly MethodName[] =>
  onPages
    .filter(({ channel }) => channel === undefined || channels.has(channel))
    .map(({ name }) => name as MethodName);

/** The `acr` values of a sign-in with each of these methods. */
export const acrValues = (methods: readonly MethodName[]): string[] =>
  methods.map((name) => methodOf(name).acr);

/** The `acr` values that clients may register as default, whether or not the channels for them exist at present. */
export const REGISTRABLE_ACR_VALUES: readonly string[] = onPages.map(({ acr }) => acr);

/** The methods that an account can sign in with. */
export async function enrolledMethods(db: Db, account: Account): Promise<MethodName[]> {
  const enrolled = await Promise.all(METHODS.map((method) => method.enrolled(db, account)));
  return METHODS.map(({ name }) => name).filter((_, index) => enrolled[index]);
}
