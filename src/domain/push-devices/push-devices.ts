import type { Db } from '../../db/database.ts';

/** A device that requests notifications, and the key that its app holds. */
export interface Device {
  /** The address of the device in Google Cloud Messaging. */
  gcmId: string;
  accountId: number;
  /** `recordId('Grant', …)` of the key: the device is removed with it. */
  grantRecord: string;
}

/** The devices to notify. A device belongs to the account that signed in on it last. */
export interface PushDevices {
  /** Adds the device, or moves it to the account that signs in on it now. */
  register(device: Device): Promise<void>;
  /** Returns when the devices of an account were registered, oldest first. */
  registrations(accountId: number): Promise<Date[]>;
  /** Removes the devices of a key that ends. */
  remove(grantRecord: string): Promise<void>;
}

export const pushDevices = ({ db }: { db: Db }): PushDevices => ({
  async register({ gcmId, accountId, grantRecord }) {
    await db('devices')
      .insert({
        gcm_id: gcmId,
        account_id: accountId,
        grant_record: grantRecord,
        registered_at: db.raw('pratu_now()'),
      })
      .onConflict('gcm_id')
      .merge();
  },
  registrations: (accountId) =>
    db('devices').where({ account_id: accountId }).orderBy('registered_at').pluck('registered_at'),
  async remove(grantRecord) {
    await db('devices').where({ grant_record: grantRecord }).delete();
  },
});
