import { expect } from 'chai';
import type { Database } from '../../../src/db/database.ts';
import { imageCodec } from '../../../src/domain/images/image-codec.ts';
import { databaseImages } from '../../../src/domain/images/image-store.ts';
import { type Images, type ImagesDeps, images } from '../../../src/domain/images/images.ts';
import { databaseCounters } from '../../../src/domain/rate-limits/counters.ts';
import { AppError } from '../../../src/errors/app-error.ts';
import { bulkhead } from '../../../src/lib/bulkhead.ts';
import { moveClock } from '../../support/clock.ts';
import { emptyTables, testDatabase } from '../../support/database.ts';
import { plain } from './files.ts';

const refusal = () => new AppError('UNAVAILABLE');
const codec = imageCodec({ bulkhead: bulkhead({ size: 2, queue: 50, waitMs: 10_000, refusal }) });

describe('profile images', () => {
  let database: Database;
  let jpeg: Buffer;
  let png: Buffer;
  before(async () => {
    database = await testDatabase();
    jpeg = await plain().jpeg().toBuffer();
    png = await plain(30, 20).png().toBuffer();
  });
  beforeEach(() => emptyTables(database));

  const opened = (changes: Partial<ImagesDeps> = {}): Images =>
    images({
      db: database.knex,
      counters: databaseCounters({ db: database.knex }),
      refusals: { ofLimits: (_refusal, _about, work) => work() },
      codec,
      ...changes,
    });
  const insert = async (columns: Record<string, unknown> = { status: 'active' }): Promise<number> =>
    (await database.knex('accounts').insert(columns).returning('id'))[0].id;
  const account = (id: number) => database.knex('accounts').where({ id }).first();
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error) => error.code,
    );

  it('are found by account and by picture id', async () => {
    const id = await insert();
    const { pictureId } = await opened().upload(id, jpeg);
    expect(pictureId).to.match(/^[0-9a-f]{32}$/);
    const image = await opened().find(id);
    expect(image).to.include({ pictureId, type: 'image/jpeg', width: 64, height: 48 });
    expect(image?.bytes.subarray(0, 2).toString('hex')).to.equal('ffd8');
    expect(await opened().findByPicture(pictureId)).to.deep.equal(image);
    expect((await account(id)).picture_id).to.equal(pictureId);
  });

  it('are taken thirty times an hour from one account, whatever the files are', async () => {
    const [one, other] = [await insert(), await insert()];
    const encoded: Buffer[] = [];
    const encode = async (file: Buffer) => {
      encoded.push(file);
      throw new AppError('IMAGE_BROKEN');
    };
    const broken = opened({ codec: { encode } });
    for (let time = 0; time < 30; time += 1)
      expect(await codeOf(broken.upload(one, jpeg))).to.equal('IMAGE_BROKEN');
    expect(await codeOf(broken.upload(one, jpeg))).to.equal('TOO_MANY_ATTEMPTS');
    expect(encoded).to.have.length(30);
    expect(await codeOf(opened().upload(other, jpeg))).to.equal(undefined);
    await moveClock(database, 3601);
    expect(await codeOf(opened().upload(one, jpeg))).to.equal(undefined);
  });

  it('belong to their account only', async () => {
    const [one, other] = [await insert(), await insert()];
    await opened().upload(one, jpeg);
    expect(await opened().find(other)).to.equal(undefined);
    expect((await account(other)).picture_id).to.equal(null);
  });

  it('replace the previous one, under a new id, and return the time', async () => {
    const id = await insert();
    const first = await opened().upload(id, jpeg);
    const { updatedAt: before } = (await opened().find(id)) ?? {};
    await moveClock(database, 60);
    const second = await opened().upload(id, png);
    expect(second.pictureId).not.to.equal(first.pictureId);
    const image = await opened().find(id);
    expect(image).to.include({ pictureId: second.pictureId, type: 'image/png', width: 30 });
    expect(image?.updatedAt.getTime()).to.be.at.least((before?.getTime() ?? 0) + 60_000);
    expect((await account(id)).updated_at).to.deep.equal(image?.updatedAt);
    expect(await opened().findByPicture(first.pictureId)).to.equal(undefined);
  });

  it('are removed', async () => {
    const id = await insert();
    const { pictureId } = await opened().upload(id, jpeg);
    await opened().remove(id);
    expect(await opened().find(id)).to.equal(undefined);
    expect(await opened().findByPicture(pictureId)).to.equal(undefined);
    expect((await account(id)).picture_id).to.equal(null);
    await opened().remove(id);
  });

  it('stay as they were when a new one is refused', async () => {
    const id = await insert();
    const { pictureId } = await opened().upload(id, jpeg);
    expect(await codeOf(opened().upload(id, jpeg.subarray(0, 100)))).to.equal('IMAGE_BROKEN');
    expect((await opened().find(id))?.pictureId).to.equal(pictureId);
  });

  it('change wholly or not at all', async () => {
    const id = await insert();
    const { pictureId } = await opened().upload(id, jpeg);
    const failing = opened({
      store: (db) => ({ ...databaseImages(db), put: () => Promise.reject(new Error('disk full')) }),
    });
    const error = await failing.upload(id, png).catch((thrown: Error) => thrown);
    expect(error).to.be.an('error').with.property('message', 'disk full');
    expect((await account(id)).picture_id).to.equal(pictureId);
    expect((await opened().find(id))?.pictureId).to.equal(pictureId);
  });

  it('are stored for existing accounts only', async () => {
    const deleted = await insert({ status: 'deleted' });
    for (const id of [deleted, deleted + 1]) {
      expect(await codeOf(opened().upload(id, jpeg))).to.equal('ACCOUNT_NOT_FOUND');
      expect(await codeOf(opened().remove(id))).to.equal('ACCOUNT_NOT_FOUND');
    }
    expect(await database.knex('profile_images').first()).to.equal(undefined);
  });

  it('leave exactly one consistent image after twelve uploads at once', async () => {
    const id = await insert();
    const uploads = await Promise.all(
      Array.from({ length: 12 }, (_, n) => opened().upload(id, n % 2 ? jpeg : png)),
    );
    const rows = await database.knex('profile_images').where({ account_id: id });
    expect(rows).to.have.length(1);
    expect((await account(id)).picture_id).to.equal(rows[0].picture_id);
    const winner = uploads.findIndex(({ pictureId }) => pictureId === rows[0].picture_id);
    expect(rows[0].type).to.equal(winner % 2 ? 'image/jpeg' : 'image/png');
    expect(new Set(uploads.map(({ pictureId }) => pictureId)).size).to.equal(12);
  });

  it('are not found by anything that is not a picture id', async () => {
    for (const id of ['', '1', '../x', "' or 1=1", 'A'.repeat(32), '0'.repeat(32), '\0', 'x'.repeat(10_000)])
      expect(await opened().findByPicture(id), id.slice(0, 20)).to.equal(undefined);
  });
});
