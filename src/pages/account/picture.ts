import type { Context, Middleware } from 'koa';
import { MAX_FILE_BYTES } from '../../domain/images/image.ts';
import type { Images } from '../../domain/images/images.ts';
import { profileName } from '../../domain/values/person-name.ts';
import { AppError } from '../../errors/app-error.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { readFileForm } from '../../http/multipart.ts';
import { type AccountArea, accountPage, type Sent, withOutcome } from './account-page.ts';

const PATH = '/account/picture';

interface Deps {
  images: Pick<Images, 'upload' | 'remove'>;
  guard: Pick<FormGuard, 'check'>;
}

/** `/account/picture`: shows, replaces or removes the picture of the profile, a JPEG or PNG. */
export function picturePage(area: AccountArea, { images, guard }: Deps): Middleware {
  /** The file of a request, between reading and processing it. */
  const files = new WeakMap<Context, Buffer>();

  async function read(ctx: Context): Promise<Sent> {
    const limits = { field: 'file', bytes: MAX_FILE_BYTES, tooLarge: 'IMAGE_TOO_LARGE' } as const;
    const { fields, file } = await readFileForm(ctx, limits);
    guard.check(ctx, fields.csrf);
    if (file) files.set(ctx, file);
    return { ...fields, file: '' };
  }

  return accountPage(area, {
    name: 'account/picture',
    path: PATH,
    outcomes: ['picture_saved', 'picture_removed'],
    load: async ({ account }) => ({
      name: profileName(account.profile) ?? undefined,
      pictureId: account.pictureId,
    }),
    forms: [
      {
        read,
        async submit(_sent, { account }, ctx) {
          const file = files.get(ctx);
          if (!file) throw new AppError('FILE_MISSING');
          await images.upload(account.id, file);
          return withOutcome(PATH, 'picture_saved');
        },
      },
      {
        action: '/account/picture/remove',
        async submit(_sent, { account }) {
          await images.remove(account.id);
          return withOutcome(PATH, 'picture_removed');
        },
      },
    ],
  });
}
