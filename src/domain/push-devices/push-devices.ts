import type { Db } from '../../db/database.ts';

/** A device that wants to be notified, and the key that its app holds. */
export interface Device {
  /** Where Google Cloud Messaging finds it. */
  gcmId: string;
  accountId: number;
  /** `recordId('Grant', …)` of the key: the device ends with it. */
  grantRecord: string;
}

/** Devices to be notified: a device belongs to the account that signed in on it last. */
export interface PushDevices {
  /** Adds the device, or moves it to the account that signs in on it now. */
  register(device: Device): Promise<void>;
  /** When the devices of an account were registered, oldest first. */
  registrations(accountId: number): Promise<Date[]>;
  /** Forgets the devices of a key that ends. */
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
