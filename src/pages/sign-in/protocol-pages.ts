import type { Context } from 'koa';
import { signInPlace } from '../../domain/values/sign-in-place.ts';
import { DEVICE_PATH } from '../kit/paths.ts';
import type { Show } from '../kit/show.ts';
import type { PageData } from '../page-data/page-data.ts';
import { nextAfter } from './error-next.ts';

type Data<Page extends keyof PageData> = PageData[Page];

/** The pages that the protocol layer requests: logout, devices, forwarded forms and errors. */
export const protocolPages = ({ show }: { show: Show }) => ({
  logout: (ctx: Context, data: Data<'sign-in/logout'>) => show(ctx, 'sign-in/logout', data, { status: 200 }),
  signedOut: (ctx: Context, data: Data<'sign-in/signed-out'>) =>
    show(ctx, 'sign-in/signed-out', data, { status: 200 }),
  deviceInput: (ctx: Context, data: Data<'sign-in/device-input'>) =>
    show(ctx, 'sign-in/device-input', data, { status: data.error ? 400 : 200, address: DEVICE_PATH }),
  deviceConfirm: (
    ctx: Context,
    {
      deviceInfo,
      ...data
    }: Data<'sign-in/device-confirm'> & {
      deviceInfo: { userAgent?: string | undefined; ip?: string | undefined };
    },
  ) => {
    const { userAgent = '', ip } = deviceInfo;
    const { browser, system } = signInPlace(userAgent, ip ?? '');
    const device = browser || system ? { browser, system } : undefined;
    show(ctx, 'sign-in/device-confirm', { ...data, device, ip }, { status: 200, address: DEVICE_PATH });
  },
  deviceDone: (ctx: Context, data: Data<'sign-in/device-done'>) =>
    show(ctx, 'sign-in/device-done', data, { status: 200, address: DEVICE_PATH }),
  forward: (
    ctx: Context,
    {
      status,
      uiLocales,
      ...data
    }: Data<'sign-in/forward'> & { status: number; uiLocales?: string | undefined },
  ) => show(ctx, 'sign-in/forward', data, { status, uiLocales }),
  error: (
    ctx: Context,
    { status, error, description }: { status: number; error: string; description: string },
  ) => {
    const next = nextAfter(ctx, { status });
    show(
      ctx,
      'sign-in/error',
      { status, error, description, next, requestId: ctx.state.requestId },
      { status },
    );
  },
});
