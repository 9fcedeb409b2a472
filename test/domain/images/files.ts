import { createCipheriv } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The offset of the chunks after `IHDR`. */
const AFTER_HEADER = 33;

/** A picture of one colour. */
export const plain = (width = 64, height = 48, colour = '#c83264'): Sharp =>
  sharp({ create: { width, height, channels: 3, background: colour } });

/** Pseudo-random bytes that are the same every time. */
const scrambled = (length: number): Buffer =>
  createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(length));

/** An image that does not compress. */
export const noise = (side: number): Sharp =>
  sharp(scrambled(side * side * 3), { raw: { width: side, height: side, channels: 3 } });

/** An image with a red left half and a blue right half. */
export const halves = (width: number, height: number): Sharp =>
  plain(width, height, 'red').composite([
    {
      input: { create: { width: width / 2, height, channels: 3, background: 'blue' } },
      left: width / 2,
      top: 0,
    },
  ]);

export function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}

/** A PNG that declares this size but has hardly any data. */
export function claimedPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const data = chunk('IDAT', deflateSync(Buffer.alloc(1000)));
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), data, chunk('IEND', Buffer.alloc(0))]);
}

/** A JPEG whose frame header declares this size (ITU-T T.81 §B.2.2). */
export async function claimedJpeg(width: number, height: number): Promise<Buffer> {
  const file = await plain().jpeg().toBuffer();
  const frame = file.indexOf(Buffer.from([0xff, 0xc0]));
  file.writeUInt16BE(height, frame + 5);
  file.writeUInt16BE(width, frame + 7);
  return file;
}

/** A PNG with a chunk inserted after its header. */
export const withChunk = (png: Buffer, type: string, data: Buffer): Buffer =>
  Buffer.concat([png.subarray(0, AFTER_HEADER), chunk(type, data), png.subarray(AFTER_HEADER)]);

/** A PNG with `acTL` for an animation of two frames that repeats indefinitely. */
export const animated = (png: Buffer): Buffer =>
  withChunk(png, 'acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]));

/** A JPEG with a comment inserted after its first marker. */
export function withComment(jpeg: Buffer, text: string): Buffer {
  const head = Buffer.from([0xff, 0xfe, 0, 0]);
  head.writeUInt16BE(text.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, Buffer.from(text, 'latin1'), jpeg.subarray(2)]);
}

/** A marker segment of a JPEG (ITU-T T.81 §B.1.1.4). */
function segment(marker: number, data: readonly number[]): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, Buffer.from(data)]);
}

/**
 * A valid progressive JPEG, grey, 1,024 by 1,024, of 1 + `count` scans (ITU-T T.81 §G.1.2). The first scan has all
 * DC coefficients; the others have the bands of AC coefficients in turn, bit by bit. Two bytes encode that all
 * 16,384 blocks of a band are empty (`EOB14`), so there is little to send and much to decode.
 */
export function manyScans(count: number): Buffer {
  const [high, low] = [13, 0];
  const shortest = [1, ...Array<number>(15).fill(0)];
  const bands: Buffer[] = [];
  for (let bit = high; bit >= low; bit -= 1)
    for (let band = 1; band < 64; band += 1) {
      const approximation = bit === high ? bit : ((bit + 1) << 4) | bit;
      bands.push(segment(0xda, [1, 1, 0, band, band, approximation]), Buffer.from([0x00, 0x01]));
    }
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, [0, ...Array<number>(64).fill(1)]),
    segment(0xc2, [8, 4, 0, 4, 0, 1, 1, 0x11, 0]),
    segment(0xc4, [0x00, ...shortest, 0x00]),
    segment(0xc4, [0x10, ...shortest, 0xe0]),
    segment(0xda, [1, 1, 0, 0, 0, 0]),
    Buffer.alloc(16_384 / 8),
    ...bands.slice(0, 2 * count),
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** A JPEG as phones write it: a second JPEG inside contains the gain map that shows the first one in HDR. */
export const withGainMap = (jpeg: Buffer): Promise<Buffer> =>
  // the types of the library lack the method
  (sharp(jpeg) as Sharp & { withGainMap(): Sharp }).withGainMap().jpeg().toBuffer();
