import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { HOUR_SECONDS } from '../../lib/durations.ts';
import { randomHex } from '../../lib/ids.ts';
import type { Counters } from '../rate-limits/counters.ts';
import { consumeAll } from '../rate-limits/limits.ts';
import type { Refusals } from '../rate-limits/refusals.ts';
import { isPictureId, type ProfileImage } from './image.ts';
import type { ImageCodec } from './image-codec.ts';
import { databaseImages, type ImageStore, setPicture } from './image-store.ts';

export interface Images {
  /**
   * Makes a file the account's image, under a new picture ID. Throws the errors of the codec, and `ACCOUNT_NOT_FOUND`,
   * also for a deleted account. Throws `TOO_MANY_ATTEMPTS` after thirty uploads in an hour: each costs as much as many
   * other requests.
   */
  upload(accountId: number, file: Buffer): Promise<{ pictureId: string }>;
  find(accountId: number): Promise<ProfileImage | undefined>;
  /** Finds an image by the ID in the `picture` claim. Accepts any text. */
  findByPicture(pictureId: string): Promise<ProfileImage | undefined>;
  /** Removes the image from the account. Throws `ACCOUNT_NOT_FOUND`. */
  remove(accountId: number): Promise<void>;
}

export interface ImagesDeps {
  db: Db;
  counters: Counters;
  refusals: Pick<Refusals, 'ofLimits'>;
  codec: ImageCodec;
  /** The store to use within a transaction. Defaults to the database. */
  store?: (db: Db) => ImageStore;
}

const UPLOADS = 30;

export function images({ db, counters, refusals, codec, store = databaseImages }: ImagesDeps): Images {
  const change = (
    accountId: number,
    pictureId: string | null,
    work: (images: ImageStore) => Promise<void>,
  ): Promise<void> =>
    transaction(db, async (tx) => {
      if (!(await setPicture(tx, accountId, pictureId))) throw new AppError('ACCOUNT_NOT_FOUND');
      await work(store(tx));
    });

  return {
    async upload(accountId, file) {
      const limit = { name: `image ${accountId}`, limit: UPLOADS, windowSeconds: HOUR_SECONDS } as const;
      await refusals.ofLimits(
        () => ({ event: 'limit.refused', accountId }),
        { subject: limit.name },
        () => consumeAll(counters, [{ ...limit, label: 'pictures' }]),
      );
      const image = { ...(await codec.encode(file)), pictureId: randomHex(128) };
      await change(accountId, image.pictureId, (images) => images.put(accountId, image));
      return { pictureId: image.pictureId };
    },
    find: (accountId) => store(db).get(accountId),
    findByPicture: async (pictureId) =>
      isPictureId(pictureId) ? store(db).getByPicture(pictureId) : undefined,
    remove: (accountId) => change(accountId, null, (images) => images.remove(accountId)),
  };
}
