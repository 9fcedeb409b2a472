import type { Context } from 'koa';
import type { Account } from '../../domain/accounts/account.ts';
import type { PushDevices } from '../../domain/push-devices/push-devices.ts';
import type { Caller } from './authenticate.ts';

export interface GiveKeyDeps {
  pushDevices: PushDevices;
  /** Issues a key for the account as it was when the proof was checked. */
  issueKey(account: Account, by: 'password' | 'facebook'): Promise<string>;
  /** Returns the caller that a key belongs to. Throws `INVALID_TOKEN`. */
  callerOf(ctx: Context, key: string): Promise<Caller>;
}

interface Given {
  account: Account;
  by: 'password' | 'facebook';
  gcmId: string | undefined;
}

/** Issues a key, and registers the device that it is for. */
export const giveKey =
  ({ pushDevices, issueKey, callerOf }: GiveKeyDeps) =>
  async (ctx: Context, { account, by, gcmId }: Given): Promise<string> => {
    const key = await issueKey(account, by);
    if (gcmId !== undefined) {
      const { grantRecord } = await callerOf(ctx, key);
      await pushDevices.register({ gcmId, accountId: account.id, grantRecord });
    }
    return key;
  };
