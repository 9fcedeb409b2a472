import type { Context } from 'koa';
import { isAdminPath, presentFailure as presentToOperators } from '../apis/admin/errors.ts';
import { edgePresenter, isKeysPath } from '../apis/keys/errors.ts';
import { presentFailure as presentToPartner } from '../apis/partners/errors.ts';
import { isPartnersPath } from '../apis/partners/wire.ts';
import { type PresentedFailure, type PresentFailure, presentJson } from '../http/errors.ts';
import { isProgramPath } from '../oidc/edge/routes.ts';
import type { Show } from '../pages/kit/show.ts';
import { nextAfter } from '../pages/sign-in/error-next.ts';

/** Whether the caller is a person with a browser: the request accepts HTML, and its path does not belong to an API. */
const wantsPage = (ctx: Context): boolean =>
  ctx.state.program !== true && !isProgramPath(ctx.path) && ctx.accepts('json', 'html') === 'html';

/** Whether a partner API presents the failure. An unknown path does not belong to an API. */
const isPartners = (ctx: Context, { code }: PresentedFailure): boolean =>
  isPartnersPath(ctx.path) && code !== 'NOT_FOUND';

/**
 * Presents every failure that reaches the edge: a page for people, OAuth JSON for programs. An API for other systems
 * leaves its own presenter in `ctx.state.present`. Callers of the Partners, Keys and Admin APIs receive the format of
 * their API even for earlier failures.
 */
export const errorPresenter = (show: Show, { alwaysOk } = { alwaysOk: false }): PresentFailure => {
  const presentToKeys = edgePresenter({ alwaysOk });
  return (ctx, failure) => {
    const { present } = ctx.state as { present?: PresentFailure };
    if (present) return present(ctx, failure);
    if (isKeysPath(ctx.path)) return presentToKeys(ctx, failure);
    if (isAdminPath(ctx.path)) return presentToOperators(ctx, failure);
    if (isPartners(ctx, failure)) return presentToPartner(ctx, { ...failure, message: failure.description });
    if (!wantsPage(ctx)) {
      presentJson(ctx, failure);
      const complete = ctx.state.completeError;
      return complete?.(ctx);
    }
    const { code, status, error, description } = failure;
    const next = nextAfter(ctx, failure);
    show(
      ctx,
      'sign-in/error',
      { code, status, error, description, next, requestId: ctx.state.requestId },
      { status },
    );
  };
};
