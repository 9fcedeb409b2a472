import type { Context } from 'koa';
import type { Show } from '../kit/show.ts';
import type { PageData } from '../page-data/page-data.ts';
import { nextAfter } from './error-next.ts';

type Data<Page extends keyof PageData> = PageData[Page];

/** The pages that the protocol's surface asks for: logout, devices, forms that are sent on, errors. */
export const protocolPages = ({ show }: { show: Show }) => ({
  logout: (ctx: Context, data: Data<'logout'>) => show(ctx, 'logout', data, { status: 200 }),
  signedOut: (ctx: Context, data: Data<'signed-out'>) => show(ctx, 'signed-out', data, { status: 200 }),
  deviceInput: (ctx: Context, data: Data<'device-input'>) =>
    show(ctx, 'device-input', data, { status: data.error ? 400 : 200, address: '/device' }),
  deviceConfirm: (ctx: Context, data: Data<'device-confirm'>) =>
    show(ctx, 'device-confirm', data, { status: 200, address: '/device' }),
  deviceDone: (ctx: Context, data: Data<'device-done'>) =>
    show(ctx, 'device-done', data, { status: 200, address: '/device' }),
  forward: (
    ctx: Context,
    { status, uiLocales, ...data }: Data<'forward'> & { status: number; uiLocales?: string | undefined },
  ) => show(ctx, 'forward', data, { status, uiLocales }),
  error: (
    ctx: Context,
    { status, error, description }: { status: number; error: string; description: string },
  ) => {
    const next = nextAfter(ctx, { status });
    show(ctx, 'error', { status, error, description, next, requestId: ctx.state.requestId }, { status });
  },
});
