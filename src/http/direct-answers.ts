import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { type LoggedRequest, logsRequests } from './access-log.ts';
import type { Metrics } from './metrics.ts';
import { headOf, type PreparedAnswer } from './prepared-answer.ts';
import { type HeaderSettings, headersOfAll } from './security-headers.ts';

interface Deps extends HeaderSettings {
  log: Logger;
  trustProxy: number;
  metrics: Pick<Metrics, 'requestEnded'>;
  /** Returns the prepared response for a path; undefined if there is none. */
  prepared(path: string): PreparedAnswer | undefined;
}

/** Headers that only the middleware handles: those of cross-origin scripts, of credentials and of request bodies. */
const WITH_MEANING = ['origin', 'authorization', 'content-encoding', 'content-length', 'transfer-encoding'];

/** Counts the `Host` headers. `headersDistinct` of Node.js would build the values of all headers. */
function hostsOf({ rawHeaders }: IncomingMessage): number {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.toLowerCase() === 'host') hosts += 1;
  return hosts;
}

/**
 * Sends prepared responses without Koa to the simplest requests: GET or HEAD for exactly that path on the issuer's
 * host. All other requests pass through the middleware, which sends the same bytes. Koa and its middleware use more
 * processor time than the request itself. The headers, metrics and log line are the same as for any other request.
 */
export function directAnswers(deps: Deps, otherwise: RequestListener): RequestListener {
  const { log, metrics, prepared } = deps;
  const { host } = new URL(deps.issuer);
  const fixed = { ...headersOfAll(deps), Vary: 'Origin' };
  const logged = logsRequests(deps);

  const isPlain = (req: IncomingMessage): boolean =>
    (req.method === 'GET' || req.method === 'HEAD') &&
    req.headers.host === host &&
    hostsOf(req) === 1 &&
    !WITH_MEANING.some((name) => name in req.headers);

  function send(req: IncomingMessage, res: ServerResponse, answer: PreparedAnswer): void {
    const started = performance.now();
    const { method = '', url: route = '' } = req;
    const requestId = randomUUID().replaceAll('-', '');
    const line: LoggedRequest | undefined = log.isLevelEnabled('info')
      ? logged({ req, get: (name) => String(req.headers[name.toLowerCase()] ?? '') })
      : undefined;
    res.once('close', () => {
      metrics.requestEnded({ method, route, res, started });
      line?.({ requestId, method, route, res });
    });
    const { status, headers } = headOf(answer, req.headers['if-none-match'] ?? '');
    res.writeHead(status, { ...fixed, ...headers, 'X-Request-Id': requestId });
    res.end(method === 'GET' && status === 200 ? answer.body : undefined);
  }

  return (req, res) => {
    const answer = prepared(req.url ?? '');
    if (answer && isPlain(req)) send(req, res, answer);
    else otherwise(req, res);
  };
}
