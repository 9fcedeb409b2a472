import type { Context } from 'koa';
import { type Account, mainContact } from '../../domain/accounts/account.ts';
import { nationalMobile } from '../../domain/values/mobile.ts';
import { profileName } from '../../domain/values/person-name.ts';

/** The person who is signed in to a browser, as its pages show it. */
export interface KnownPerson {
  name: string | undefined;
  /** An e-mail or mobile to sign in with, or the account's id if there is neither. */
  identifier: string;
  /** In the national format. */
  mobile: string | undefined;
}

export function knownPerson(account: Account): KnownPerson {
  const mobile = mainContact(account, 'mobile');
  const national = mobile && nationalMobile(mobile.value);
  return {
    name: profileName(account.profile) ?? undefined,
    identifier: mainContact(account, 'email')?.value ?? national ?? String(account.id),
    mobile: national,
  };
}

interface Found {
  reauthenticate: boolean;
  accountId: number | undefined;
}

/** Adds the person to each step that requires re-authentication. */
export const knowing = <Steps extends { find(ctx: Context, uid: string): Promise<Found> }>(
  steps: Steps,
  accounts: { find(id: number): Promise<Account | undefined> },
): Steps => ({
  ...steps,
  async find(ctx: Context, uid: string) {
    const step = await steps.find(ctx, uid);
    if (!step.reauthenticate || step.accountId === undefined) return step;
    const account = await accounts.find(step.accountId);
    return { ...step, known: account && knownPerson(account) };
  },
});
