import Router from '@koa/router';
import type { Middleware } from 'koa';
import type { Images } from '../../domain/images/images.ts';
import { AppError } from '../../errors/app-error.ts';
import { answerImage } from '../../http/image-answer.ts';

/**
 * `/pictures/:id`: the image of an account's `picture` claim (OpenID Connect Core §5.1). It requires no sign-in,
 * because clients show it in an `<img>`. Its id cannot be guessed and changes with the image.
 */
export function pictures({ images }: { images: Pick<Images, 'findByPicture'> }): Middleware {
  const router = new Router({ strict: true, sensitive: true });
  router.get('/pictures/:id', async (ctx) => {
    const image = await images.findByPicture(ctx.params.id ?? '');
    if (!image) throw new AppError('NOT_FOUND');
    answerImage(ctx, image);
  });
  return router.routes() as unknown as Middleware;
}
