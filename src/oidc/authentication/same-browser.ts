import type { Context } from 'koa';
import type { Provider } from 'oidc-provider';
import { AppError } from '../../errors/app-error.ts';
import { isOfBrowser } from '../edge/held-sign-in.ts';
import { routes } from '../edge/routes.ts';

export interface SameBrowserDeps {
  /** Returns a digest of the value that identifies this browser; undefined for a browser without one. */
  browserOf: (ctx: Context) => string | undefined;
}

/** The paths at which the library resumes a request after one of Pratu's pages. */
const RESUMED = [`${routes.authorization}/`, `${routes.code_verification}/`];

/**
 * Resumes a finished sign-in only in the browser in which the person authenticated. Throws `INTERACTION_EXPIRED` for
 * any other, before the library creates a session from it.
 */
export function resumeInSameBrowser(provider: Provider, { browserOf }: SameBrowserDeps): void {
  provider.use(async (ctx, next) => {
    if (RESUMED.some((path) => ctx.path.startsWith(path))) {
      // the library uses the cookie, regardless of the path
      const { cookies } = provider.createContext(ctx.req, ctx.res);
      const uid = cookies.get(provider.cookieName('resume'), { signed: true });
      const found = uid === undefined ? undefined : await provider.Interaction.find(uid);
      if (found && !isOfBrowser(found.result, browserOf(ctx as unknown as Context)))
        throw new AppError('INTERACTION_EXPIRED');
    }
    await next();
  });
}
