import type { Context } from 'koa';
import type { Provider } from 'oidc-provider';
import { AppError } from '../../errors/app-error.ts';
import { isOfBrowser } from '../edge/held-sign-in.ts';
import { routes } from '../edge/routes.ts';

export interface SameBrowserDeps {
  /** A digest of the value that identifies this browser; undefined for one without it. */
  browserOf: (ctx: Context) => string | undefined;
}

/** Where the library goes on with a request after a page of ours. */
const RESUMED = [`${routes.authorization}/`, `${routes.code_verification}/`];

/**
 * A finished sign-in is taken up only by the browser whose person proved it. Throws `INTERACTION_EXPIRED` for others,
 * before the library makes a session of it.
 */
export function resumeInSameBrowser(provider: Provider, { browserOf }: SameBrowserDeps): void {
  provider.use(async (ctx, next) => {
    if (RESUMED.some((path) => ctx.path.startsWith(path))) {
      // the library goes by the cookie, whatever the path says
      const { cookies } = provider.createContext(ctx.req, ctx.res);
      const uid = cookies.get(provider.cookieName('resume'), { signed: true });
      const found = uid === undefined ? undefined : await provider.Interaction.find(uid);
      if (found && !isOfBrowser(found.result, browserOf(ctx as unknown as Context)))
        throw new AppError('INTERACTION_EXPIRED');
    }
    await next();
  });
}
