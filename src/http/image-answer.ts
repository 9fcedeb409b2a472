import type { Context } from 'koa';
import type { ImageType, ProfileImage } from '../domain/images/image.ts';
import { isKnown } from './if-none-match.ts';

const FILE_NAMES: Record<ImageType, string> = { 'image/jpeg': 'picture.jpg', 'image/png': 'picture.png' };

/**
 * Sends a profile image, or 304 when the caller has it. When opened directly, the image is a document that must not run
 * or load anything.
 */
export function answerImage(
  ctx: Context,
  { pictureId, type, bytes }: Pick<ProfileImage, 'pictureId' | 'type' | 'bytes'>,
): void {
  // strong: the bytes under one picture id never change
  const etag = `"${pictureId}"`;
  ctx.set({
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Content-Disposition': `inline; filename="${FILE_NAMES[type]}"`,
    'Cache-Control': 'private, no-cache',
    ETag: etag,
  });
  ctx.status = 200;
  if (isKnown(ctx.get('If-None-Match'), etag)) {
    ctx.status = 304;
    return;
  }
  ctx.type = type;
  ctx.body = bytes;
}
