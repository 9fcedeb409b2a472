import type { Context, Middleware } from 'koa';
import { AppError } from '../../errors/app-error.ts';
import { CATALOGUE } from '../../errors/catalogue.ts';
import type { FormGuard } from '../../http/form-guard.ts';
import type { SealedCookie } from '../../http/sealed-cookie.ts';
import { pathOf, SIGN_IN_PATHS } from '../kit/paths.ts';
import type { Show } from '../kit/show.ts';
import { seeOther } from '../kit/submitted.ts';
import type { NextStep } from '../page-data/page-data.ts';

/** A client's request that this browser has taken steps of, also when those are over. */
interface Begun {
  /** Of all its steps. */
  cid: string;
  /** Of each step that was shown, the newest first. */
  uids: string[];
  originalUrl: string | undefined;
  uiLocales: string | undefined;
}

export interface Trail {
  /** The newest first. */
  begun: Begun[];
}

/** What is noted of a step that is shown. */
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
  /** The same steps; each that is looked up to be shown is noted. */
  follow<Steps extends StepsFound>(steps: Steps): Steps;
  /** Leads on from a step that is over: to the one that is open, or to where the request begins again. */
  leadOn: Middleware;
}

/** Of all that is kept, as JSON: one request of the longest kind, or several short ones. */
const LONGEST = 1800;
const MOST_STEPS = 5;
const PATH = '/interaction';

const uidOf = ({ path }: Context): string => path.split('/')[2] ?? '';

/** The newest that fit. */
function fitting(begun: Begun[]): Begun[] {
  const isTooLong = JSON.stringify(begun).length > LONGEST;
  return isTooLong ? fitting(begun.slice(0, -1)) : begun;
}

/**
 * Which steps this browser was at. Browsers go back to pages of steps that are over, and leave others open for too
 * long; by then nothing else knows which request they were of.
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
    // the cookie is bound to what the form's token gives the browser
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
      // whatever fails in a sign-in is said in its language
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
