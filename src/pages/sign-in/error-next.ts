import type { Context } from 'koa';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { routesPassed } from '../../http/route.ts';
import { ACCOUNT_PATH, DEVICE_PATH, RESET_PASSWORD_PATHS } from '../kit/paths.ts';
import type { NextStep } from '../page-data/page-data.ts';

const ACCOUNT: NextStep = { address: ACCOUNT_PATH, label: 'account' };
const NEW_RESET_LINK: NextStep = { address: RESET_PASSWORD_PATHS.request, label: 'new_link' };
const RESET = /^\/(reset-password|customers\/do_reset)\//;

/** The form of a sign-in link. A new link is requested on the page above it. */
const SIGN_IN_LINK = /^\/interaction\/[\w-]+\/email\/link$/;

/** Reduces leading slashes to one, because two would name another host. */
const ownPath = (path: string): string => path.replace(/^[/\\]+/, '/');

/** The page with the submitted form: at the form's own address, or above it. */
function pageOf(ctx: Context): string {
  const path = ownPath(ctx.path);
  const isPage = routesPassed(ctx).some(({ methods }) => methods.includes('GET'));
  return isPage ? path : path.slice(0, path.lastIndexOf('/')) || '/';
}

/** The pages that mails link to cannot be shown without the parameters of the link. */
const needsLink = (path: string): boolean => /^\/(verify|confirm|undo)-email$|^\/activate$/.test(path);

/** The next step for a person whose request failed. Every error page offers one. */
export function nextAfter(ctx: Context, { code, status }: { code?: ErrorCode; status: number }): NextStep {
  if (code === 'LINK_INVALID' && RESET.test(ctx.path)) return NEW_RESET_LINK;
  if (code === 'LINK_INVALID' && SIGN_IN_LINK.test(ctx.path))
    return { address: pageOf(ctx), label: 'new_link' };
  if (ctx.path === DEVICE_PATH) return { address: DEVICE_PATH, label: 'retry' };
  if (ctx.method !== 'GET' && code === 'FORM_NOT_OURS' && !needsLink(ctx.path))
    return { address: pageOf(ctx), label: 'reload' };
  if (status !== 429 && status < 500) return ACCOUNT;
  const address = ctx.method === 'GET' ? `${ownPath(ctx.path)}${ctx.search}` : pageOf(ctx);
  return { address, label: 'retry' };
}
