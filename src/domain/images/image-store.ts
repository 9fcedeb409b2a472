import type { Db } from '../../db/database.ts';
import type { NewImage, ProfileImage } from './image.ts';

/** The storage of image data: at most one image per account. */
export interface ImageStore {
  /** Stores the account's image, replacing the previous one. */
  put(accountId: number, image: NewImage): Promise<void>;
  get(accountId: number): Promise<ProfileImage | undefined>;
  getByPicture(pictureId: string): Promise<ProfileImage | undefined>;
  remove(accountId: number): Promise<void>;
}

const imageOf = (row: Record<string, unknown> | undefined): ProfileImage | undefined =>
  row && {
    pictureId: row.picture_id as string,
    type: row.type as ProfileImage['type'],
    bytes: row.bytes as Buffer,
    width: row.width as number,
    height: row.height as number,
    updatedAt: row.updated_at as Date,
  };

/** Stores images in PostgreSQL, in the caller's transaction if `db` is one. */
export const databaseImages = (db: Db): ImageStore => ({
  async put(accountId, { pictureId, ...image }) {
    const row = { ...image, account_id: accountId, picture_id: pictureId, updated_at: db.raw('pratu_now()') };
    await db('profile_images').insert(row).onConflict('account_id').merge();
  },
  get: async (accountId) => imageOf(await db('profile_images').where({ account_id: accountId }).first()),
  getByPicture: async (pictureId) =>
    imageOf(await db('profile_images').where({ picture_id: pictureId }).first()),
  async remove(accountId) {
    await db('profile_images').where({ account_id: accountId }).delete();
  },
});

/**
 * Records the picture of an account. Returns false if the account does not exist or is deleted. The row stays locked
 * until the transaction ends, so that changes to an account's image are serialized.
 */
export async function setPicture(db: Db, accountId: number, pictureId: string | null): Promise<boolean> {
  const changed = await db('accounts')
    .where({ id: accountId })
    .whereNot({ status: 'deleted' })
    .update({ picture_id: pictureId, updated_at: db.raw('pratu_now()') });
  return changed > 0;
}
