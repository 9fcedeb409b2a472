import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { randomHex } from '../../lib/ids.ts';
import { isPictureId, type ProfileImage } from './image.ts';
import type { ImageCodec } from './image-codec.ts';
import { databaseImages, type ImageStore, setPicture } from './image-store.ts';

export interface Images {
  /**
   * Makes a file the account's image, under a new picture id. Throws what the codec throws, and `ACCOUNT_NOT_FOUND`,
   * also for a deleted account.
   */
  upload(accountId: number, file: Buffer): Promise<{ pictureId: string }>;
  find(accountId: number): Promise<ProfileImage | undefined>;
  /** By the id in the `picture` claim; any text may be asked for. */
  findByPicture(pictureId: string): Promise<ProfileImage | undefined>;
  /** Takes the image off the account. Throws `ACCOUNT_NOT_FOUND`. */
  remove(accountId: number): Promise<void>;
}

export interface ImagesDeps {
  db: Db;
  codec: ImageCodec;
  /** The store to use within a transaction; the database unless told. */
  store?: (db: Db) => ImageStore;
}

export function images({ db, codec, store = databaseImages }: ImagesDeps): Images {
  const change = (
    accountId: number,
    pictureId: string | null,
    work: (kept: ImageStore) => Promise<void>,
  ): Promise<void> =>
    transaction(db, async (tx) => {
      if (!(await setPicture(tx, accountId, pictureId))) throw new AppError('ACCOUNT_NOT_FOUND');
      await work(store(tx));
    });

  return {
    async upload(accountId, file) {
      const image = { ...(await codec.encode(file)), pictureId: randomHex(128) };
      await change(accountId, image.pictureId, (kept) => kept.put(accountId, image));
      return { pictureId: image.pictureId };
    },
    find: (accountId) => store(db).get(accountId),
    findByPicture: async (pictureId) =>
      isPictureId(pictureId) ? store(db).getByPicture(pictureId) : undefined,
    remove: (accountId) => change(accountId, null, (kept) => kept.remove(accountId)),
  };
}
