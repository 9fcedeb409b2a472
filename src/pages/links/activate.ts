import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { Activation } from '../../domain/registration/activation.ts';
import { AppError } from '../../errors/app-error.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import { emptyFields, refuseIf, type Sent } from '../kit/form-errors.ts';
import { addFormPage } from '../kit/form-page.ts';
import type { Once } from '../kit/idempotent-form.ts';
import { ACCOUNT_PATH } from '../kit/paths.ts';
import { pageLocale, type Show } from '../kit/show.ts';
import type { ReadSubmitted } from '../kit/submitted.ts';
import type { FormError } from '../page-data/page-data.ts';

interface Deps {
  activation: Pick<Activation, 'look' | 'activate'>;
  originOf: (ctx: Context) => Origin;
  guard: FormGuard;
  show: Show;
  submitted: ReadSubmitted;
  once: Once;
  passwordLeast: number;
  /** The terms that people accept with the activation. */
  termsUri: string | undefined;
  privacyUri: string | undefined;
}

type Link = { identifier: string; secret: string };

const PATH = '/activate';
const DONE_PATH = '/activate/done';

/** All parts of issued links are shorter. */
const LONGEST_PART = 64;

/**
 * Reads the link from the query or the form. Throws `ACTIVATION_INVALID`, so that a damaged link is reported like any
 * other invalid link.
 */
function linkOf({ identifier, secret }: Record<string, string | string[] | undefined>): Link {
  const isPart = (value: unknown): value is string =>
    typeof value === 'string' && value !== '' && value.length <= LONGEST_PART;
  if (!isPart(identifier) || !isPart(secret)) throw new AppError('ACTIVATION_INVALID');
  return { identifier, secret };
}

function complaints(form: Sent): FormError[] {
  const empty = emptyFields(form, [
    { field: 'password', code: 'PASSWORD_MISSING' },
    { field: 'password_check', code: 'PASSWORD_CHECK_MISSING' },
  ]);
  if (empty.length > 0 || form.password === form.password_check) return empty;
  return [{ field: 'password_check', code: 'PASSWORDS_DIFFER' }];
}

/**
 * `/activate`: the page that the mail of a sign-up links to. Opening it changes nothing, because mail scanners also
 * open links. Submitting the first password activates the account.
 */
export function activatePage({
  activation,
  originOf,
  guard,
  show,
  submitted,
  once,
  passwordLeast,
  termsUri,
  privacyUri,
}: Deps): Middleware {
  const router = new Router({ strict: true, sensitive: true });

  addFormPage<[]>(router, {
    path: PATH,
    read: submitted,
    once,
    explains: [],
    at: (ctx, run) => run(ctx),
    async show(ctx, _found, again) {
      const link = linkOf(again?.sent ?? ctx.query);
      const { email } = await activation.look({ ...link, origin: originOf(ctx) });
      const data = {
        action: PATH,
        csrf: guard.token(ctx),
        ...link,
        email,
        ...{ passwordLeast, termsUri, privacyUri },
        errors: again?.errors,
      };
      const address = `${PATH}?${new URLSearchParams(link)}`;
      show(ctx, 'links/activate', data, { status: again?.status ?? 200, address });
    },
    async submit(ctx, form) {
      const link = linkOf(form);
      refuseIf(complaints(form));
      const on = { channel: 'pages', language: pageLocale(ctx, undefined) } as const;
      await activation.activate({ ...link, password: form.password ?? '', origin: originOf(ctx), on });
      return DONE_PATH;
    },
  });

  router.get(DONE_PATH, (ctx) =>
    show(ctx, 'recovery/password-set', { outcome: 'activated', signInAddress: ACCOUNT_PATH }),
  );

  return router.routes() as unknown as Middleware;
}
