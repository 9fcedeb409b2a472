import { createRequire } from 'node:module';
import type { SharpOptions } from 'sharp';
import { AppError } from '../../errors/app-error.ts';
import type { Bulkhead } from '../../lib/bulkhead.ts';
import { lazy } from '../../lib/lazy.ts';
import {
  checkPixels,
  type EncodedImage,
  type ImageType,
  imageTypeOf,
  MAX_PIXELS,
  MAX_SIDE,
} from './image.ts';

export interface ImageCodec {
  /**
   * Decodes a file and re-encodes it: turned as its EXIF says, in sRGB, at most 1,024 pixels a side, without any
   * metadata. Throws what `imageTypeOf` and `checkPixels` do, `IMAGE_BROKEN`, and `UNAVAILABLE` when there are too
   * many files at once or this one takes too long.
   */
  encode(file: Buffer): Promise<EncodedImage>;
}

const FORMATS: Record<ImageType, string> = { 'image/jpeg': 'jpeg', 'image/png': 'png' };
const JPEG_QUALITY = 85;
/** A file of 25 megapixels takes one to three on a machine that is not busy. */
const DECODE_SECONDS = 10;

const INPUT: SharpOptions = {
  // the harmless oddities of cameras and editors are warnings; what is cut off or cannot be decoded is an error
  failOn: 'error',
  limitInputPixels: MAX_PIXELS,
  sequentialRead: true,
  autoOrient: true,
};

/**
 * The library, loaded for the first picture. For the whole process: the decoders of other formats are never reached,
 * whatever a file makes itself look like.
 */
const library = lazy(() => {
  const sharp = createRequire(import.meta.url)('sharp') as typeof import('sharp')['default'];
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer'] });
  // no file is decoded twice, and the bulkhead is what decides how many threads are at work
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
});

const failure = (cause: unknown): AppError => {
  if (cause instanceof AppError) return cause;
  const late = cause instanceof Error && cause.message.startsWith('timeout:');
  return late
    ? new AppError('UNAVAILABLE', { retryAfter: 1, cause })
    : new AppError('IMAGE_BROKEN', { field: 'file', cause });
};

/** Reads the header only, so that a picture of too many pixels costs nothing. */
async function checkHeader(file: Buffer, type: ImageType): Promise<void> {
  const header = await library()(file, { ...INPUT, limitInputPixels: false }).metadata();
  if (header.format !== FORMATS[type] || (header.pages ?? 1) > 1)
    throw new AppError('IMAGE_TYPE_UNKNOWN', { field: 'file' });
  checkPixels(header);
}

async function reencode(file: Buffer, type: ImageType): Promise<EncodedImage> {
  const picture = library()(file, INPUT)
    .resize(MAX_SIDE, MAX_SIDE, { fit: 'inside', withoutEnlargement: true })
    .timeout({ seconds: DECODE_SECONDS });
  const written = type === 'image/jpeg' ? picture.jpeg({ quality: JPEG_QUALITY }) : picture.png();
  const { data, info } = await written.toBuffer({ resolveWithObject: true });
  return { type, bytes: data, width: info.width, height: info.height };
}

/** `bulkhead` bounds how many files are decoded at once: one of 25 megapixels may take 200 MB while it is. */
export function imageCodec({ bulkhead }: { bulkhead: Bulkhead }): ImageCodec {
  return {
    async encode(file) {
      const type = imageTypeOf(file);
      return bulkhead.run(async () => {
        try {
          await checkHeader(file, type);
          return await reencode(file, type);
        } catch (error) {
          throw failure(error);
        }
      });
    },
  };
}
