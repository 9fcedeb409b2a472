import * as z from 'zod';
import { AppError } from '../../errors/app-error.ts';
import { type Clock, epochSeconds } from '../../lib/clock.ts';

/** Facebook's token introspection. */
export interface FacebookGraph {
  /** Returns whether this deployment has an app. */
  isConfigured(): boolean;
  /**
   * Returns the Facebook user id of a token that was issued to this deployment's app; the id differs between apps.
   *
   * Throws `FACEBOOK_OFF` without an app and `FACEBOOK_REFUSED` for an invalid token. Throws `UNAVAILABLE` if
   * Facebook's response is inconclusive, so that access is refused without blaming the person.
   */
  userOf(token: string): Promise<string>;
}

interface Deps {
  /** The app to which tokens must have been issued; read on each call, because operators can change it. */
  app: () => { appId?: string | undefined; appSecret?: string | undefined };
  /** The base URL, optionally with a version in its path. */
  graphUrl: string;
  fetch: (url: URL, init?: RequestInit) => Promise<Response>;
  clock: Clock;
}

const LONGEST_MS = 3000;
/** The Graph API's "invalid parameter". Here it can only refer to the inspected token, such as one of another app. */
const INVALID_PARAMETER = 100;

/** Ids are numbers in old versions of the Graph API; `z.int` rejects one that JSON has rounded. */
const id = z.union([z.string().min(1), z.int().transform(String)]);
const description = z.object({
  app_id: id.optional(),
  user_id: id.optional(),
  type: z.string().optional(),
  is_valid: z.boolean(),
  /** Epoch seconds; 0 for a token that does not expire. */
  expires_at: z.int().optional(),
});
const answer = z.union([
  z.object({ data: description }),
  z.object({ error: z.object({ code: z.literal(INVALID_PARAMETER) }) }),
]);

type Description = z.infer<typeof description>;

/** The Graph API's `/debug_token` (https://developers.facebook.com/docs/graph-api/reference/debug_token). */
export function facebookGraph({ app, graphUrl, fetch, clock }: Deps): FacebookGraph {
  async function describe(token: string, appId: string, appSecret: string): Promise<Description | undefined> {
    const url = new URL(`${graphUrl.replace(/\/$/, '')}/debug_token`);
    url.search = String(new URLSearchParams({ input_token: token, access_token: `${appId}|${appSecret}` }));
    try {
      const response = await fetch(url, {
        headers: { accept: 'application/json' },
        signal: AbortSignal.timeout(LONGEST_MS),
      });
      const said = answer.parse(await response.json());
      if ('error' in said && response.status === 400) return undefined;
      if ('data' in said && response.ok) return said.data;
      throw new Error(`Facebook answered ${response.status}`);
    } catch (cause) {
      throw new AppError('UNAVAILABLE', { cause });
    }
  }

  const isGood = ({ app_id, type = 'USER', is_valid, expires_at = 0 }: Description, appId: string): boolean =>
    is_valid &&
    app_id === appId &&
    type === 'USER' &&
    (expires_at === 0 || expires_at > epochSeconds(clock.now()));

  function configured(): { appId: string; appSecret: string } | undefined {
    const { appId, appSecret } = app();
    return appId && appSecret ? { appId, appSecret } : undefined;
  }

  return {
    isConfigured: () => configured() !== undefined,
    async userOf(token) {
      const known = configured();
      if (!known) throw new AppError('FACEBOOK_OFF');
      const { appId, appSecret } = known;
      const described = await describe(token, appId, appSecret);
      if (!described?.user_id || !isGood(described, appId))
        throw new AppError('FACEBOOK_REFUSED', { reason: 'upstream_denied' });
      return described.user_id;
    },
  };
}
