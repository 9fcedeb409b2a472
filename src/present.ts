import type { Context } from 'koa';
import { type PresentFailure, presentJson } from './http/errors.ts';
import { isProgramPath } from './oidc/configuration/routes.ts';
import type { Show } from './pages/show.ts';

/** Whether the caller is a person at a browser: asks for HTML, at an address that is no API's. */
const wantsPage = (ctx: Context): boolean =>
  ctx.state.program !== true && !isProgramPath(ctx.path) && ctx.accepts('json', 'html') === 'html';

/** Every failure outside the foreign APIs: a page for people, OAuth's JSON for programs. */
export const presentFailure =
  (show: Show): PresentFailure =>
  (ctx, failure) => {
    if (!wantsPage(ctx)) return presentJson(ctx, failure);
    const { code, status, error, description } = failure;
    show(ctx, 'error', { code, status, error, description, requestId: ctx.state.requestId }, { status });
  };
