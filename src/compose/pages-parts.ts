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
  /** Set when requests are traced. */
  tracing?: Tracing | undefined;
  /** Fetches pictures of clients, within the limits for outbound requests. */
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
  /** The pages that the surface of the protocol shows. */
  protocol: OidcPages;
  /** Whether a browser may skip the second factor of an account. */
  isRemembered: RememberedDevice['isRemembered'];
  /** Returns the identifier of a browser, or undefined for a browser without one. */
  browserOf: FormGuard['browser'];
  /** The routes of the pages. The pages of a sign-in write in the unit of work of the request. */
  surfaces(protocol: Protocol): Middleware[];
}
