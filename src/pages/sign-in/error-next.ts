import type { Context } from 'koa';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { routesPassed } from '../../http/route.ts';
import { ACCOUNT_PATH, DEVICE_PATH, RESET_PASSWORD_PATHS } from '../kit/paths.ts';
import type { NextStep } from '../page-data/page-data.ts';

const ACCOUNT: NextStep = { address: ACCOUNT_PATH, label: 'account' };
const NEW_RESET_LINK: NextStep = { address: RESET_PASSWORD_PATHS.request, label: 'new_link' };
const RESET = /^\/(reset-password|customers\/do_reset)\//;

/** The button of a link to sign in: another one is sent from the page above. */
const SIGN_IN_LINK = /^\/interaction\/[\w-]+\/email\/link$/;

/** One slash in front: two would name another host. */
const ownPath = (path: string): string => path.replace(/^[/\\]+/, '/');

/** The page that has the form which was sent: at its own address, or above it. */
function pageOf(ctx: Context): string {
  const path = ownPath(ctx.path);
  const isPage = routesPassed(ctx).some(({ methods }) => methods.includes('GET'));
  return isPage ? path : path.slice(0, path.lastIndexOf('/')) || '/';
}

/** Pages that mails lead to show nothing without what the mail's link held. */
const needsLink = (path: string): boolean => /^\/(verify|confirm|undo)-email$|^\/activate$/.test(path);

/** Where a person goes on whose request failed: no page is an end. */
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
