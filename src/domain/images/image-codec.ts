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
   * Decodes a file and re-encodes it: rotated by its EXIF orientation, in sRGB, at most 1,024 pixels per side, without
   * metadata. Throws the errors of `imageTypeOf` and `checkPixels`, `IMAGE_BROKEN`, and `UNAVAILABLE` if too many files
   * are in progress or this one takes too long.
   */
  encode(file: Buffer): Promise<EncodedImage>;
}

const FORMATS: Record<ImageType, string> = { 'image/jpeg': 'jpeg', 'image/png': 'png' };
const JPEG_QUALITY = 85;
/** A file of 25 megapixels takes one to three seconds on an idle machine. */
const DECODE_SECONDS = 10;

const INPUT: SharpOptions = {
  // harmless irregularities of cameras and editors are warnings; truncated or undecodable data is an error
  failOn: 'error',
  limitInputPixels: MAX_PIXELS,
  sequentialRead: true,
  autoOrient: true,
};

/**
 * The library, loaded with the first picture. The decoders of other formats are blocked in the whole process, whatever
 * format a file claims to have.
 */
const library = lazy(() => {
  const sharp = createRequire(import.meta.url)('sharp') as typeof import('sharp')['default'];
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer'] });
  // no file is decoded twice, and the bulkhead determines how many threads are active
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

/** Reads only the header, so that rejecting a picture with too many pixels is cheap. */
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

/**
 * `bulkhead` limits how many files are decoded concurrently: one of 25 megapixels may take 200 MB while it is decoded.
 */
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
