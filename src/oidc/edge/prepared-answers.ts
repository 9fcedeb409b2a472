import type { Context, Middleware } from 'koa';
import type { Provider } from 'oidc-provider';
import { headOf, type PreparedAnswer } from '../../http/prepared-answer.ts';
import { sha256 } from '../../lib/sha256.ts';
import { isPublished } from './routes.ts';

interface Deps {
  /** Returns the provider that currently serves requests. `serve` is the library's middleware of that provider. */
  get(): Provider;
  serve: Middleware;
}

interface PreparedAnswers {
  middleware: Middleware;
  /** Returns the prepared response for a path if it is still current. */
  prepared(path: string): PreparedAnswer | undefined;
}

/** Clients fetch the keys again when they encounter an unknown one, and a key is published long before it signs. */
const CACHE_CONTROL = 'public, max-age=300';

/** Returns the library's response, as text. */
function prepare(ctx: Context): PreparedAnswer {
  const body = JSON.stringify(ctx.body);
  const etag = `"${sha256(body).toString('base64url')}"`;
  const type = ctx.response.get('Content-Type');
  return { body, length: Buffer.byteLength(body), type, cacheControl: CACHE_CONTROL, etag };
}

/**
 * Serves the keys and the metadata of the server, which are the same for every caller. The library generates each
 * response once per provider. A rotation of keys or a change of the offered methods creates a new provider, so the old
 * responses are discarded with the old one. A caller whose copy is current receives 304 (RFC 9110 §13.1.2).
 */
export function preparedAnswers({ get, serve }: Deps): PreparedAnswers {
  const made = new WeakMap<Provider, Map<string, PreparedAnswer>>();
  const find = (path: string): PreparedAnswer | undefined => made.get(get())?.get(path);

  async function make(ctx: Context, next: () => Promise<unknown>): Promise<PreparedAnswer> {
    const provider = get();
    await serve(ctx, next);
    const answer = prepare(ctx);
    const answers = made.get(provider) ?? new Map<string, PreparedAnswer>();
    made.set(provider, answers.set(ctx.path, answer));
    return answer;
  }

  return {
    prepared: find,
    async middleware(ctx, next) {
      if (!isPublished(ctx.path)) return next();
      const answer = find(ctx.path) ?? (await make(ctx, next));
      const { status, headers } = headOf(answer, ctx.get('If-None-Match'));
      ctx.body = answer.body;
      // a status of 304 removes the body and the type again
      ctx.status = status;
      ctx.set(headers);
    },
  };
}
