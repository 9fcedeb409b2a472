import { MAX_FILE_BYTES, type ProfileImage } from '../../domain/images/image.ts';
import type { Images } from '../../domain/images/images.ts';
import { AppError } from '../../errors/app-error.ts';
import { answerImage } from '../../http/image-answer.ts';
import { readFile } from '../../http/multipart.ts';
import { operation } from '../api.ts';
import type { Caller } from './authenticate.ts';
import { json } from './exchange.ts';

interface Deps {
  images: Images;
  issuer: string;
}

/** The customer's picture. */
export const imageOperations = ({ images, issuer }: Deps) => [
  operation<Caller, undefined, ProfileImage>({
    id: 'getImage',
    method: 'get',
    path: '/customers/image',
    read: () => undefined,
    async run(_input, { accountId }) {
      const image = await images.find(accountId);
      if (!image) throw new AppError('NOT_FOUND');
      return image;
    },
    write: answerImage,
  }),
  operation<Caller, Buffer, void>({
    id: 'uploadImage',
    method: 'post',
    path: '/customers/image/upload',
    read: (ctx) => readFile(ctx, { field: 'file', bytes: MAX_FILE_BYTES, tooLarge: 'IMAGE_TOO_LARGE' }),
    run: async (file, { accountId }) => void (await images.upload(accountId, file)),
    write: (ctx) => json(ctx, { profileImagePath: `${issuer}/customers/image` }),
  }),
];
