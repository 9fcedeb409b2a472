import Koa, { type Context, type Middleware } from 'koa';
import type { Logger } from 'pino';
import type { Locale } from './domain/values/locale.ts';
import { accessLog } from './http/access-log.ts';
import { type ClientCertificateSettings, clientCertificates } from './http/client-certificate.ts';
import { cors } from './http/cors.ts';
import { directAnswers } from './http/direct-answers.ts';
import { errorBoundary, type PresentFailure } from './http/errors.ts';
import { fixUrls } from './http/fixed-urls.ts';
import { type HealthDeps, health } from './http/health.ts';
import { hostGuard } from './http/host-guard.ts';
import type { Metrics } from './http/metrics.ts';
import { type MetricsRouteDeps, metricsRoute } from './http/metrics-endpoint.ts';
import type { PreparedAnswer } from './http/prepared-answer.ts';
import { type RefusedAnswer, refusedAnswers } from './http/refused-answers.ts';
import { requestId } from './http/request-id.ts';
import { requestLimits } from './http/request-limits.ts';
import { securityHeaders } from './http/security-headers.ts';
import { tracedRequests } from './http/traced-requests.ts';
import type { Tracing } from './lib/tracing.ts';

export interface AppDeps {
  issuer: string;
  hstsSubdomains: boolean;
  hosts: readonly string[];
  development: boolean;
  trustProxy: number;
  mutualTls: ClientCertificateSettings;
  /** The time that a request waits for a database that does not respond, in milliseconds; undefined for no limit. */
  databaseLimitMs: number | undefined;
  /** The maximum size of a request body, in bytes. */
  bytesFor: (ctx: Context) => number;
  /** The keys that sign the protocol's cookies; newest first. */
  cookieKeys: readonly Buffer[];
  log: Logger;
  /** The languages of the pages. */
  locales: readonly Locale[];
  metrics: Metrics;
  /** Set when requests are traced. */
  tracing?: Tracing | undefined;
  /** Whether the caller's span becomes the parent of the server's span. */
  trustParent: boolean;
  /** Called for every refused request. */
  onRefused: (refused: RefusedAnswer) => void;
  metricsRoute: MetricsRouteDeps;
  health: HealthDeps;
  present: PresentFailure;
  /** Responses that are the same for every caller, by path. */
  prepared: (path: string) => PreparedAnswer | undefined;
  cors: { allowed(origin: string): Promise<boolean>; paths: readonly string[] };
  /** The surfaces. Each one handles its own paths and passes other requests to the next. */
  surfaces: readonly Middleware[];
}

/** A Koa application that sends prepared responses before Koa's own processing begins. */
class App extends Koa {
  readonly #deps: AppDeps;

  constructor(deps: AppDeps) {
    super();
    this.#deps = deps;
  }

  override callback(): ReturnType<Koa['callback']> {
    return directAnswers(this.#deps, super.callback()) as ReturnType<Koa['callback']>;
  }
}

/** Assembles the server: the middleware that every request passes through, in order. */
export function createApp(deps: AppDeps): Koa {
  const { issuer, hstsSubdomains, log } = deps;
  const app = new App(deps);
  app.keys = deps.cookieKeys.map((key) => key.toString('base64'));
  fixUrls(app.request, issuer);
  const probes = health(deps.health);

  // errors after a response has begun; a caller that disconnects is not a failure
  app.on('error', (error: NodeJS.ErrnoException, ctx?: Koa.Context) => {
    // the rest of a failed stream never arrives: the caller must not wait for it
    if (ctx?.headerSent && !ctx.res.writableEnded) ctx.res.destroy();
    if (error.code === 'ERR_STREAM_PREMATURE_CLOSE')
      log.debug({ code: error.code }, 'the caller closed the connection');
    else log.error({ err: error }, 'a response could not be completed');
  });
  app.use((ctx, next) => {
    ctx.state.locales = deps.locales;
    return next();
  });
  app.use(requestId(deps));
  if (deps.tracing) app.use(tracedRequests(deps.tracing, deps));
  app.use(accessLog({ log, trustProxy: deps.trustProxy }));
  app.use(refusedAnswers(deps.onRefused));
  app.use(deps.metrics.middleware);
  app.use(securityHeaders({ issuer, hstsSubdomains }));
  app.use(errorBoundary({ log, present: deps.present }));
  app.use(clientCertificates(deps.mutualTls));
  app.use(hostGuard({ issuer, hosts: deps.hosts, development: deps.development }));
  app.use(metricsRoute(deps.metricsRoute));
  app.use(probes.routes());
  app.use(cors(deps.cors));
  app.use(requestLimits({ bytesFor: deps.bytesFor }));
  for (const surface of deps.surfaces) app.use(surface);
  return app;
}
