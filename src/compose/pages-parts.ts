import type { Context, Middleware } from 'koa';
import type { Config } from '../config/config.ts';
import type { ClientRegistration } from '../domain/clients/client-registration.ts';
import type { DeviceCookie } from '../http/device-cookie.ts';
import type { FormGuard } from '../http/form-guard.ts';
import type { Metrics } from '../http/metrics.ts';
import type { RememberedDevice } from '../http/remembered-device.ts';
import type { Clock } from '../lib/clock.ts';
import type { Outbound } from '../lib/outbound.ts';
import type { Tracing } from '../lib/tracing.ts';
import type { BrowserSessions } from '../oidc/authentication/browser-session.ts';
import type { CodeRedemption } from '../oidc/authentication/code-redemption.ts';
import type { Interactions } from '../oidc/authentication/interactions.ts';
import type { BackchannelApprovals } from '../oidc/backchannel/approvals.ts';
import type { OidcPages } from '../oidc/edge/pages.ts';
import type { Show } from '../pages/kit/show.ts';
import type { Domain } from './domain.ts';

export interface PagesDeps {
  config: Config;
  domain: Domain;
  clock: Clock;
  device: DeviceCookie;
  addressOf: (ctx: Context) => string;
  metrics: Metrics;
  /** Set where requests are traced. */
  tracing?: Tracing | undefined;
  /** Fetches pictures of clients, within their bounds. */
  fetchLogo: Outbound['fetch'];
}

export interface Protocol {
  backchannelApprovals: BackchannelApprovals;
  codeRedemption: CodeRedemption;
  registration: ClientRegistration;
  interactions: Interactions;
  unitOfWork: Middleware;
  browserSessions: BrowserSessions;
}

export interface Pages {
  show: Show;
  /** What the protocol's surface shows. */
  protocol: OidcPages;
  /** Whether a browser need not ask an account for its second factor. */
  isRemembered: RememberedDevice['isRemembered'];
  /** The value that identifies a browser; undefined for one without it. */
  browserOf: FormGuard['browser'];
  /** The pages' own routes; a sign-in's pages write in the request's unit of work. */
  surfaces(protocol: Protocol): Middleware[];
}
