import { AppError } from '../../errors/app-error.ts';

export type ImageType = 'image/jpeg' | 'image/png';

/** A picture as encoded by this program: it contains no byte of the uploaded file. */
export interface EncodedImage {
  type: ImageType;
  bytes: Buffer;
  /** In pixels. */
  width: number;
  height: number;
}

export interface NewImage extends EncodedImage {
  /** 128 random bits in hexadecimal, new for every upload. Knowing it grants access to the picture. */
  pictureId: string;
}

/** The profile image of an account. The bytes for a picture ID never change. */
export interface ProfileImage extends NewImage {
  updatedAt: Date;
}

export const MAX_FILE_BYTES = 3 * 1024 * 1024;
export const MAX_PIXELS = 25_000_000;
/** The maximum length of either side of a stored picture, in pixels. */
export const MAX_SIDE = 1024;

const SIGNATURES: [ImageType, Buffer][] = [
  // SOI and the first byte of the next marker, ITU-T T.81 §B.1.1.3
  ['image/jpeg', Buffer.from([0xff, 0xd8, 0xff])],
  // PNG, third edition, §5.2
  ['image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
];
/** SOS, before every scan of a JPEG, T.81 §B.2.3. */
const SCAN = Buffer.from([0xff, 0xda]);
/**
 * Cameras and editors write ten at most. The margin is for bytes after the picture, such as a video, that resemble one.
 */
const MAX_SCANS = 100;
const PNG_CHUNKS_AT = 8;
/** The length, type and checksum around the data of a chunk, PNG §5.3. */
const CHUNK_FRAME = 12;

const signed = (file: Buffer): ImageType | undefined =>
  SIGNATURES.find(([, signature]) => file.subarray(0, signature.length).equals(signature))?.[0];

/** Returns whether a PNG has more than one frame: such a file has `acTL` before its first `IDAT`, PNG §11.3.6.1. */
function isAnimated(png: Buffer): boolean {
  for (let at = PNG_CHUNKS_AT; at + CHUNK_FRAME <= png.length; at += CHUNK_FRAME + png.readUInt32BE(at)) {
    const type = png.toString('latin1', at + 4, at + 8);
    if (type === 'acTL') return true;
    if (type === 'IDAT') return false;
  }
  return false;
}

/** Returns whether a JPEG may have so many scans that decoding takes minutes: each scan covers the whole picture. */
function hasTooManyScans(jpeg: Buffer): boolean {
  let scans = 0;
  for (
    let at = jpeg.indexOf(SCAN);
    at !== -1 && scans <= MAX_SCANS;
    at = jpeg.indexOf(SCAN, at + SCAN.length)
  )
    scans += 1;
  return scans > MAX_SCANS;
}

/**
 * Returns the type of a file by its content. Throws `IMAGE_TOO_LARGE`; `IMAGE_TYPE_UNKNOWN` for anything except a JPEG
 * or a PNG of one frame (an animated PNG is a separate type, `image/apng`); and `IMAGE_BROKEN` for a JPEG that is
 * crafted to overload its decoder.
 */
export function imageTypeOf(file: Buffer): ImageType {
  if (file.length > MAX_FILE_BYTES) throw new AppError('IMAGE_TOO_LARGE', { field: 'file' });
  const type = signed(file);
  if (!type || (type === 'image/png' && isAnimated(file)))
    throw new AppError('IMAGE_TYPE_UNKNOWN', { field: 'file' });
  if (type === 'image/jpeg' && hasTooManyScans(file)) throw new AppError('IMAGE_BROKEN', { field: 'file' });
  return type;
}

/** Throws `IMAGE_TOO_MANY_PIXELS`. */
export function checkPixels({ width, height }: { width: number; height: number }): void {
  if (width * height > MAX_PIXELS) throw new AppError('IMAGE_TOO_MANY_PIXELS', { field: 'file' });
}

/** Returns whether a text has the format of a picture ID. */
export const isPictureId = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);
