import type { Context, Middleware } from 'koa';
import { AppError } from '../../errors/app-error.ts';
import { CATALOGUE } from '../../errors/catalogue.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import type { SealedCookie } from '../../http/sealed-cookie.ts';
import { pathOf, SIGN_IN_PATHS } from '../kit/paths.ts';
import type { Show } from '../kit/show.ts';
import { seeOther } from '../kit/submitted.ts';
import type { NextStep } from '../page-data/page-data.ts';

/** A client's request of which this browser has taken steps, even if they have ended. */
interface Begun {
  /** Shared by all steps of the request. */
  cid: string;
  /** One for each step that was shown, newest first. */
  uids: string[];
  originalUrl: string | undefined;
  uiLocales: string | undefined;
}

export interface Trail {
  /** Newest first. */
  begun: Begun[];
}

/** The details that are stored of a step that is shown. */
export interface NotedStep {
  uid: string;
  cid: string;
  originalUrl: string | undefined;
  uiLocales: string | undefined;
}

interface StepsFound {
  find(ctx: Context, uid: string): Promise<NotedStep>;
}

interface Deps {
  cookie: SealedCookie<Trail>;
  guard: Pick<FormGuard, 'token'>;
  show: Show;
}

export interface SignInTrail {
  /** Returns the same steps, and stores each step that is found in order to be shown. */
  follow<Steps extends StepsFound>(steps: Steps): Steps;
  /** Redirects from a step that has ended to the one that is open, or to the address that restarts the request. */
  leadOn: Middleware;
}

/** The maximum length of the stored steps, as JSON: one request of maximum length, or several short ones. */
const LONGEST = 1800;
const MOST_STEPS = 5;
const PATH = '/interaction';

const uidOf = ({ path }: Context): string => path.split('/')[2] ?? '';

/** The newest requests that fit. */
function fitting(begun: Begun[]): Begun[] {
  const isTooLong = JSON.stringify(begun).length > LONGEST;
  return isTooLong ? fitting(begun.slice(0, -1)) : begun;
}

/**
 * Records the steps that this browser was at. Browsers return to pages of steps that have ended, and leave others
 * open for too long. By then no other record shows which request they belong to.
 */
export function signInTrail({ cookie, guard, show }: Deps): SignInTrail {
  const read = (ctx: Context): Begun[] => cookie.read(ctx, PATH)?.begun ?? [];

  function nextOf({ uids, originalUrl }: Begun, uid: string): NextStep | undefined {
    const [newest = uid] = uids;
    if (newest !== uid) return { address: pathOf(SIGN_IN_PATHS.current, newest), label: 'go_on' };
    return originalUrl === undefined ? undefined : { address: originalUrl, label: 'start_again' };
  }

  function note(ctx: Context, { uid, cid, originalUrl, uiLocales }: NotedStep): void {
    const known = read(ctx);
    if (known[0]?.uids[0] === uid) return;
    const same = known.find((begun) => begun.cid === cid);
    const uids = [uid, ...(same?.uids ?? []).filter((other) => other !== uid)].slice(0, MOST_STEPS);
    const begun = [{ cid, uids, originalUrl, uiLocales }, ...known.filter((other) => other !== same)];
    // the cookie is bound to the value that the form's token gives the browser
    guard.token(ctx);
    cookie.write(ctx, PATH, { begun: fitting(begun) });
  }

  return {
    follow: (steps) => ({
      ...steps,
      async find(ctx: Context, uid: string) {
        const step = await steps.find(ctx, uid);
        if (ctx.method === 'GET') note(ctx, step);
        return step;
      },
    }),
    async leadOn(ctx, next) {
      const uid = uidOf(ctx);
      const begun = read(ctx).find(({ uids }) => uids.includes(uid));
      // all errors of a sign-in are shown in its language
      ctx.state.uiLocales = begun?.uiLocales;
      try {
        await next();
      } catch (error) {
        const onward = begun && nextOf(begun, uid);
        if (!onward || !(error instanceof AppError && error.code === 'INTERACTION_EXPIRED')) throw error;
        if (onward.label === 'go_on' && ctx.method === 'GET') return seeOther(ctx, onward.address);
        const { status, error: word, en: description } = CATALOGUE.INTERACTION_EXPIRED;
        const data = { code: error.code, status, error: word, description, next: onward };
        show(ctx, 'sign-in/error', { ...data, requestId: ctx.state.requestId }, { status });
      }
    },
  };
}
