import { deflateSync } from 'node:zlib';
import { expect } from 'chai';
import sharp from 'sharp';
import { imageCodec } from '../../../src/domain/images/image-codec.ts';
import { AppError } from '../../../src/errors/app-error.ts';
import { bulkhead } from '../../../src/lib/bulkhead.ts';
import {
  animated,
  claimedJpeg,
  claimedPng,
  halves,
  manyScans,
  noise,
  plain,
  withChunk,
  withComment,
  withGainMap,
} from './files.ts';

const refusal = () => new AppError('UNAVAILABLE', { retryAfter: 1 });
const MAX_BYTES = 3 * 1024 * 1024;

describe('image codec', () => {
  const lanes = bulkhead({ size: 2, queue: 10, waitMs: 5000, refusal });
  const codec = imageCodec({ bulkhead: lanes });
  const failureOf = async (file: Buffer): Promise<unknown> => {
    const error = await codec.encode(file).catch((thrown: unknown) => thrown);
    return error instanceof AppError ? [error.code, error.status, error.field] : error;
  };
  const encoded = async (file: Buffer) => {
    const image = await codec.encode(file);
    return { ...image, header: await sharp(image.bytes).metadata() };
  };
  /** The red, green, blue and, if present, alpha values. */
  const pixel = async (file: Buffer, left: number, top: number) => [
    ...(await sharp(file).extract({ left, top, width: 1, height: 1 }).raw().toBuffer()),
  ];

  describe('re-encodes', () => {
    for (const [name, file, type, width, height] of [
      ['a JPEG', () => plain(64, 48).jpeg(), 'image/jpeg', 64, 48],
      ['a progressive JPEG', () => plain(64, 48).jpeg({ progressive: true }), 'image/jpeg', 64, 48],
      ['a grey JPEG', () => plain(64, 48).greyscale().jpeg(), 'image/jpeg', 64, 48],
      ['a PNG', () => plain(64, 48).png(), 'image/png', 64, 48],
      ['an interlaced PNG', () => plain(64, 48).png({ progressive: true }), 'image/png', 64, 48],
      ['a JPEG of one pixel', () => plain(1, 1).jpeg(), 'image/jpeg', 1, 1],
      ['a PNG of one pixel', () => plain(1, 1).png(), 'image/png', 1, 1],
      ['a wide JPEG, made smaller', () => plain(2048, 512).jpeg(), 'image/jpeg', 1024, 256],
      ['a high PNG, made smaller', () => plain(300, 3000).png(), 'image/png', 102, 1024],
      ['a line', () => plain(20_000, 1).png(), 'image/png', 1024, 1],
    ] as const)
      it(name, async () => {
        const image = await encoded(await file().toBuffer());
        expect(image).to.include({ type, width, height });
        expect(image.header).to.include({ width, height, mediaType: type, depth: 'uchar' });
      });

    it('25 megapixels, and not one more', async () => {
      expect(await encoded(await plain(5000, 5000).jpeg().toBuffer())).to.include({
        width: 1024,
        height: 1024,
      });
      expect(await failureOf(await plain(5001, 5000).jpeg().toBuffer())).to.deep.equal([
        'IMAGE_TOO_MANY_PIXELS',
        413,
        'file',
      ]);
    });

    it('a JPEG of a hundred scans', async () => {
      expect(await encoded(manyScans(99))).to.include({ width: 1024, height: 1024 });
    });

    it('a JPEG in CMYK, in sRGB', async () => {
      const file = await plain(20, 20, 'red').toColourspace('cmyk').jpeg().toBuffer();
      expect((await sharp(file).metadata()).space).to.equal('cmyk');
      const { bytes, header } = await encoded(file);
      expect(header).to.include({ space: 'srgb', channels: 3, hasProfile: false });
      const [red = 0, green = 255, blue = 255] = await pixel(bytes, 10, 10);
      expect(red).to.be.above(180);
      expect(Math.max(green, blue)).to.be.below(90);
    });

    it('a PNG of 16 bits, in 8', async () => {
      const samples = Uint16Array.from({ length: 20 * 20 * 3 }, () => 0x8080);
      const raw = { width: 20, height: 20, channels: 3 } as const;
      const file = await sharp(samples, { raw }).toColourspace('rgb16').png().toBuffer();
      expect((await sharp(file).metadata()).depth).to.equal('ushort');
      const { bytes, header } = await encoded(file);
      expect(header.depth).to.equal('uchar');
      expect(await pixel(bytes, 10, 10)).to.deep.equal([0x80, 0x80, 0x80]);
    });

    it('a PNG with a palette and alpha, its transparency kept', async () => {
      const background = { r: 255, g: 0, b: 0, alpha: 0.5 };
      const file = await sharp({ create: { width: 20, height: 20, channels: 4, background } })
        .png({ palette: true })
        .toBuffer();
      expect((await sharp(file).metadata()).isPalette).to.equal(true);
      const { bytes } = await encoded(file);
      expect(await pixel(bytes, 10, 10)).to.deep.equal([255, 0, 0, 128]);
    });

    it('a photograph with a gain map for HDR, without it', async () => {
      const file = await withGainMap(await plain(128, 128).jpeg().toBuffer());
      expect(file.indexOf(Buffer.from([0xff, 0xd8, 0xff]), 2)).to.be.above(0);
      const { bytes } = await encoded(file);
      expect(bytes.indexOf(Buffer.from([0xff, 0xd8, 0xff]), 2)).to.equal(-1);
    });
  });

  describe('keeps nothing but the picture', () => {
    it('turns it as EXIF says, and drops EXIF with the place where it was taken, and the colour profile', async () => {
      const file = await halves(40, 20)
        .withExif({
          IFD0: { Copyright: 'somebody' },
          IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '13/1 45/1 0/1' },
        })
        .withMetadata({ orientation: 6 })
        .withIccProfile('p3')
        .jpeg()
        .toBuffer();
      const before = await sharp(file).metadata();
      expect(before.exif?.toString('latin1')).to.include('somebody');
      expect(before).to.include({ orientation: 6, hasProfile: true });

      const { bytes, header } = await encoded(file);
      expect(header).to.include({ width: 20, height: 40, hasProfile: false });
      expect(header).not.to.have.any.keys('exif', 'icc', 'xmp', 'iptc', 'orientation');
      expect(bytes.includes('Exif')).to.equal(false);
      const [topRed = 0, , topBlue = 255] = await pixel(bytes, 10, 5);
      const [bottomRed = 255, , bottomBlue = 0] = await pixel(bytes, 10, 35);
      expect(topRed - topBlue).to.be.above(150);
      expect(bottomBlue - bottomRed).to.be.above(150);
    });

    for (const [name, file] of [
      [
        'a PNG that is HTML too',
        async () =>
          Buffer.concat([
            withChunk(
              await plain().png().toBuffer(),
              'tEXt',
              Buffer.from('Comment\0<script>alert(1)</script>'),
            ),
            Buffer.from('<html><script>alert(2)</script>'),
          ]),
      ],
      [
        'a JPEG that is HTML too',
        async () => withComment(await plain().jpeg().toBuffer(), '--><script>alert(1)</script><!--'),
      ],
      [
        'a JPEG that is an archive too',
        async () =>
          Buffer.concat([await plain().jpeg().toBuffer(), Buffer.from('PK\x03\x04 META-INF/ <script>')]),
      ],
      [
        'a PNG that is an archive too',
        async () =>
          Buffer.concat([await plain().png().toBuffer(), Buffer.from('PK\x03\x04 META-INF/ <script>')]),
      ],
    ] as const)
      it(`takes the picture out of ${name}`, async () => {
        const { bytes } = await encoded(await file());
        expect(bytes.includes('<script>')).to.equal(false);
        expect(bytes.includes('PK\x03\x04')).to.equal(false);
      });
  });

  describe('refuses', () => {
    for (const [name, file] of [
      ['nothing', () => Buffer.alloc(0)],
      ['SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
      ['HTML', () => Buffer.from('<!doctype html><script>alert(1)</script>')],
      ['PDF', () => Buffer.from('%PDF-1.7\n%%EOF')],
      ['GIF', () => plain().gif().toBuffer()],
      ['WebP', () => plain().webp().toBuffer()],
      ['TIFF', () => plain().tiff().toBuffer()],
      ['AVIF', () => plain(16, 16).avif({ effort: 0 }).toBuffer()],
      [
        'a PDF with a JPEG inside',
        async () => Buffer.concat([Buffer.from('%PDF-1.7\n'), await plain().jpeg().toBuffer()]),
      ],
      [
        'a GIF with a JPEG inside',
        async () => Buffer.concat([Buffer.from('GIF89a'), await plain().jpeg().toBuffer()]),
      ],
      ['an animated PNG', async () => animated(await plain().png().toBuffer())],
    ] as const)
      it(`${name} as no picture of these types`, async () => {
        expect(await failureOf(await file())).to.deep.equal(['IMAGE_TYPE_UNKNOWN', 415, 'file']);
      });

    for (const [name, file] of [
      ['the first bytes of a JPEG', () => Buffer.from([0xff, 0xd8, 0xff])],
      ['a JPEG cut in half', async () => (await noise(200).jpeg().toBuffer()).subarray(0, 10_000)],
      ['a JPEG without its last rows', async () => (await noise(64).jpeg().toBuffer()).subarray(0, -500)],
      ['a PNG cut in half', async () => (await noise(200).png().toBuffer()).subarray(0, 60_000)],
      ['the first bytes of a PNG', () => claimedPng(1, 1).subarray(0, 8)],
      ['a PNG without data', () => claimedPng(4000, 4000)],
      ['a PNG without width', () => claimedPng(0, 5)],
      ['a PNG of more pixels than a number has', () => claimedPng(0x7fffffff, 0x7fffffff)],
      [
        'a JPEG signature before HTML',
        () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from('<script>alert(1)</script>')]),
      ],
      ['a JPEG of more scans than anybody makes', () => manyScans(100)],
    ] as const)
      it(`${name} as broken`, async () => {
        expect(await failureOf(await file())).to.deep.equal(['IMAGE_BROKEN', 422, 'file']);
      });

    for (const [name, file] of [
      ['a PNG', () => claimedPng(50_000, 50_000)],
      ['a PNG as high as its format allows', () => claimedPng(25, 1_000_001)],
      ['a JPEG', () => claimedJpeg(65_500, 65_500)],
    ] as const)
      it(`${name} of few bytes and very many pixels, without decoding it`, async () => {
        const bomb = await file();
        expect(bomb.length).to.be.below(2000);
        const before = process.memoryUsage().rss;
        expect(await failureOf(bomb)).to.deep.equal(['IMAGE_TOO_MANY_PIXELS', 413, 'file']);
        expect(process.memoryUsage().rss - before).to.be.below(200_000_000);
      });

    it('more than 3 MiB, and takes 3 MiB', async () => {
      const jpeg = await plain().jpeg().toBuffer();
      const filled = (bytes: number) => Buffer.concat([jpeg, Buffer.alloc(bytes - jpeg.length)]);
      expect(await failureOf(filled(MAX_BYTES + 1))).to.deep.equal(['IMAGE_TOO_LARGE', 413, 'file']);
      expect(await encoded(filled(MAX_BYTES))).to.include({ width: 64 });
    });
  });

  it('does not unpack text and profiles that are far larger than the file', async () => {
    const packed = deflateSync(Buffer.alloc(200_000_000));
    const png = await plain().png().toBuffer();
    const before = process.memoryUsage().rss;
    for (const type of ['zTXt', 'iCCP'])
      await encoded(withChunk(png, type, Buffer.concat([Buffer.from('name\0\0'), packed])));
    expect(process.memoryUsage().rss - before).to.be.below(150_000_000);
  });

  it('refuses what does not fit in its bulkhead as UNAVAILABLE, and serves afterwards', async () => {
    const narrow = bulkhead({ size: 1, queue: 1, waitMs: 5000, refusal });
    const busy = imageCodec({ bulkhead: narrow });
    const file = await noise(300).jpeg().toBuffer();
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => busy.encode(file)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.map(({ reason }) => reason.code)).to.deep.equal(['UNAVAILABLE', 'UNAVAILABLE']);
    expect(await busy.encode(file)).to.include({ width: 300 });
    expect(narrow).to.include({ running: 0, waiting: 0 });
  });
});
